// Splits a watch stream into its lines: one JSON document each, cut anywhere by the network, even inside a character.

/** A stream that ends inside a line was cut: the rest is dropped, for what it said will be said again. */
export async function* watchLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '') yield line;
  }
}
