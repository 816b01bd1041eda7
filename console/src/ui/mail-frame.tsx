import { Box } from '@mantine/core'
import classes from './mail-frame.module.css'

export interface MailFrameProps {
  /** A route that answers with sandboxed HTML; it names the workspace itself, because a frame sends no headers. */
  readonly src?: string
  /** The frame's name, for a form that posts into it. */
  readonly name?: string
  readonly title: string
  readonly width?: 'phone' | 'wide'
  /** What the mail is told its reader prefers: `dark` lets its own dark styles hold, where it has any. */
  readonly scheme?: 'light' | 'dark'
  readonly height?: number | string
}

/** Somebody else's HTML: no scripts, no forms, no navigation. On white, as mail programs show it, whatever the console's own scheme is. */
export const MailFrame = ({ src, name, title, width = 'wide', scheme = 'light', height = 560 }: MailFrameProps) => (
  <Box className={classes.around ?? ''}>
    <iframe
      className={classes.frame}
      data-width={width}
      data-scheme={scheme}
      sandbox=""
      title={title}
      height={height}
      {...(src === undefined ? {} : { src })}
      {...(name === undefined ? {} : { name })}
    />
  </Box>
)
