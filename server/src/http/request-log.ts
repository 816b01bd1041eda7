import type { FastifyReply, FastifyRequest } from 'fastify'

/**
 * One line a request. The route's pattern stands for the address, because paths and queries carry ids, tokens and
 * e-mail addresses; bodies, headers and network addresses are never logged.
 */
export const logAnswer = (request: FastifyRequest, reply: FastifyReply): void => {
  request.log.info(
    {
      method: request.method,
      route: request.routeOptions.url ?? '(none)',
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
      ...(request.principal === null || request.principal === undefined
        ? {}
        : { workspaceId: request.principal.workspaceId, actor: request.principal.actor }),
    },
    'answered',
  )
}
