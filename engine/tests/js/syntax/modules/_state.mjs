export let count = 0;
export const up = () => ++count;
export default count;
export let later; later = 'assigned';
export const { x, list: [, second] } = { x: 1, list: [2, 3] };
