export default () => <div id={} />;
