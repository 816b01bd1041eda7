/** What shows other figures once a cost or a rate has changed. */
export const costsChange = ['/v1/costs', '/v1/exchange-rates', '/v1/equity', '/v1/home']
