// One HTTP exchange as the codec sees it, free of sockets and of SDK classes.

export interface WireRequest {
  readonly method: string;
  /** Host header, with port. */
  readonly host: string;
  /** Path as sent, still percent-encoded, without the query. The signature covers this. */
  readonly path: string;
  /** Query as sent, without the question mark. */
  readonly query: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Body length 0: the SDK and botocore both read it as "no body". */
export const emptyBody: Uint8Array = new Uint8Array(0);

export const encodeText = (text: string): Uint8Array => new TextEncoder().encode(text);
export const decodeText = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Percent-decodes a path segment; what is not valid encoding is taken literally, as S3 does. */
export const decodeSegment = (segment: string): string => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
};
