export const FirstRunPage = () => null
