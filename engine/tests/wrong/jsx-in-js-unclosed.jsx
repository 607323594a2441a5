export default () => <div><b>text</div>;
