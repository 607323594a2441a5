export const one = 1, shared = 'one';
export { one as 'a string name' };
export default 'never by star';
