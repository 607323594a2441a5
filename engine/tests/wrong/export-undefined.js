export { ghost };
