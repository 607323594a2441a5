export default function (request {
  return 1;
}
