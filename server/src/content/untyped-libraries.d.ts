declare module 'mjml' {
  export default function mjml2html(
    source: string,
    options: {
      fonts: Record<string, string>
      validationLevel: 'soft' | 'strict' | 'skip'
      ignoreIncludes: boolean
      keepComments: boolean
    },
  ): Promise<{ html: string; errors: { line?: number; message: string }[] }>
}
declare module 'html-to-text' {
  export function compile(options: object): (html: string) => string
}
