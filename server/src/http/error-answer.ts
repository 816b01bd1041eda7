import type { ErrorEnvelope } from '@baton/contract'
import { type FastifyError, type FastifyReply, type FastifyRequest, errorCodes as fastifyCodes } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { RetryableError } from '../kernel/index.ts'
import { UserError } from './user-error.ts'

/** Any thrown thing as an error with a code, a message for people and a remedy; null: it is a bug of ours. */
export const asUserError = (error: unknown): UserError | null => {
  if (error instanceof UserError) return error
  if (hasZodFastifySchemaValidationErrors(error)) return invalidInput(error)
  if (error instanceof RetryableError) return unavailable(error)
  if (!isFastifyError(error)) return null
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new UserError('too-large', 'The body is larger than this route takes.', {
        remedy: 'Send it in smaller parts.',
      })
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new UserError('unsupported-media-type', 'This route does not take that content type.', {
        remedy: 'Send JSON with the header "content-type: application/json".',
      })
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return new UserError('invalid-json', 'The body is not JSON.', {
        remedy: 'Send one JSON value, or no content-type at all.',
      })
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
    case 'FST_ERR_BAD_URL':
    case 'FST_ERR_VALIDATION':
      return new UserError('invalid-input', 'The request can not be read.', {
        remedy: 'Check the address, the headers and the body.',
      })
    default:
      return null
  }
}

const isFastifyError = (error: unknown): error is FastifyError =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code in fastifyCodes

const unavailable = (cause: RetryableError): UserError =>
  new UserError('unavailable', 'A part of Baton is not there just now.', {
    remedy: 'Try again shortly; the console and GET /readyz name the part.',
    retryAfterSeconds: Math.max(1, Math.ceil(cause.afterMs / 1000)),
    cause,
  })

const invalidInput = (
  error: Parameters<typeof hasZodFastifySchemaValidationErrors>[0] & {
    validation: readonly { instancePath?: string; message?: string }[]
    validationContext?: string | undefined
  },
): UserError => {
  const where = error.validationContext ?? 'body'
  const fields = error.validation.map((each) => ({
    in: where,
    path: (each.instancePath ?? '').replace(/^\//, '').replaceAll('/', '.'),
    problem: each.message ?? 'is not valid',
  }))
  const [first] = fields
  const named =
    first === undefined ? '' : ` ${first.path === '' ? `The ${where}` : `"${first.path}"`}: ${first.problem}.`
  return new UserError('invalid-input', `The ${where} does not have the shape this route takes.${named}`, {
    remedy: 'Correct the fields in "details"; /docs shows the shape.',
    details: fields,
  })
}

export const envelope = (error: UserError): ErrorEnvelope => ({
  error: {
    code: error.code,
    message: error.message,
    ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
    ...(error.details === undefined ? {} : { details: error.details }),
  },
})

/** The one error handler: known errors in their envelope, everything else logged and answered as `internal`. */
export const answerError = (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
  const known = asUserError(error)
  if (known === null) request.log.error({ err: error }, 'request failed')
  const answer =
    known ??
    new UserError('internal', 'Something of ours broke.', {
      remedy: `Look for request ${request.id} in the server's log.`,
    })
  if (answer.retryAfterSeconds !== undefined) reply.header('retry-after', answer.retryAfterSeconds)
  if (answer.code === 'unauthenticated') reply.header('www-authenticate', 'Bearer')
  // JSON by hand: a route's response schema must not get to refuse the envelope.
  reply.code(answer.statusCode).type('application/json').serializer(JSON.stringify).send(envelope(answer))
}
