import { Box } from '@mantine/core'
import classes from './mail-frame.module.css'

export interface MailFrameProps {
  /** A route that answers with sandboxed HTML; it names the workspace itself, because a frame sends no headers. */
  readonly src?: string
  /** The frame's name, for a form that posts into it. */
  readonly name?: string
  readonly title: string
  readonly width?: 'phone' | 'wide'
  readonly height?: number | string
}

/** Somebody else's HTML: no scripts, no forms, no navigation. Always on white, as mail programs show it. */
export const MailFrame = ({ src, name, title, width = 'wide', height = 560 }: MailFrameProps) => (
  <Box className={classes.around ?? ''}>
    <iframe
      className={classes.frame}
      data-width={width}
      sandbox=""
      title={title}
      height={height}
      {...(src === undefined ? {} : { src })}
      {...(name === undefined ? {} : { name })}
    />
  </Box>
)
