// The SDK's own serializers and deserializers, set up for one protocol. They work in both directions, so a server can use them.
import { JsonCodec, XmlCodec, XmlShapeSerializer } from '@aws-sdk/core/protocols';
import { FromStringShapeDeserializer, ToStringShapeSerializer } from '@smithy/core/protocols';
import type { NormalizedSchema } from '@smithy/core/schema';
import { fromBase64, fromUtf8, toBase64, toUtf8 } from '@smithy/core/serde';
import { decodeText, encodeText } from './message.ts';
import type { ServiceSchema } from './service-schema.ts';

/** Timestamp formats of Smithy schemas (@smithy/types, schema/sentinels): date-time for XML and forms, epoch seconds for JSON. */
const DATE_TIME = 5;
const EPOCH_SECONDS = 7;
const STRUCTURE = 3;
const UNION = 4;

const serdeContext = { base64Decoder: fromBase64, base64Encoder: toBase64, utf8Encoder: toUtf8, utf8Decoder: fromUtf8 };

/** Reads and writes values by schema: whole documents in the protocol's format, and single strings (headers, labels, form fields). */
export interface ShapeCodec {
  readonly format: 'json' | 'xml';
  readDocument(schema: NormalizedSchema, body: Uint8Array): Promise<unknown>;
  writeDocument(schema: NormalizedSchema, value: unknown, rootName?: string, xmlns?: string): Uint8Array;
  readString(schema: NormalizedSchema, text: string): unknown;
  writeString(schema: NormalizedSchema, value: unknown): string;
}

const asBytes = (document: string | Uint8Array): Uint8Array =>
  typeof document === 'string' ? encodeText(document) : document;

type XmlRoot = Parameters<XmlShapeSerializer['write']>[0];

/** The XML serializer takes the root element's name from the schema: this makes the same structure under another name. */
const renamer = () => {
  const renamed = new Map<string, XmlRoot>();
  return (schema: NormalizedSchema, name: string): XmlRoot => {
    const key = `${name} ${schema.getName(true)}`;
    const known = renamed.get(key);
    if (known !== undefined) return known;
    const [kind, , , , memberNames, memberSchemas] = schema.getSchema() as unknown as readonly [
      number,
      string,
      string,
      unknown,
      string[],
      never[],
    ];
    const made = [kind === UNION ? UNION : STRUCTURE, '', name, 0, memberNames, memberSchemas] as never;
    renamed.set(key, made);
    return made;
  };
};

export const shapeCodecFor = (service: ServiceSchema): ShapeCodec => {
  const xml = service.protocol === 'restXml' || service.protocol === 'awsQuery';
  const rest = service.protocol === 'restXml' || service.protocol === 'restJson1';
  const settings = {
    timestampFormat: { useTrait: true, default: xml ? (DATE_TIME as 5) : (EPOCH_SECONDS as 7) },
    httpBindings: rest,
    xmlNamespace: service.xmlNamespace ?? '',
    serviceNamespace: service.serviceId,
    jsonName: rest,
  };
  const codec = xml ? new XmlCodec(settings) : new JsonCodec(settings);
  const fromString = new FromStringShapeDeserializer(settings);
  const toString = new ToStringShapeSerializer(settings);
  for (const part of [codec, fromString, toString]) part.setSerdeContext(serdeContext as never);
  const rename = renamer();

  const writeXml = (
    schema: NormalizedSchema,
    value: unknown,
    rootName: string | undefined,
    xmlns: string | undefined,
  ) => {
    const serializer = new XmlShapeSerializer({ ...settings, xmlNamespace: xmlns ?? '' });
    serializer.setSerdeContext(serdeContext as never);
    serializer.write(rootName === undefined ? schema : rename(schema, rootName), value);
    return asBytes(serializer.flush());
  };
  const writeJson = (schema: NormalizedSchema, value: unknown) => {
    const serializer = codec.createSerializer();
    serializer.write(schema, value);
    return asBytes(serializer.flush());
  };

  return {
    format: xml ? 'xml' : 'json',
    // The JSON deserializer treats bytes as a stream to collect; text it parses at once.
    readDocument: async (schema, body) =>
      (await codec.createDeserializer().read(schema, xml ? body : decodeText(body))) as unknown,
    writeDocument: (schema, value, rootName, xmlns) =>
      xml ? writeXml(schema, value, rootName, xmlns) : writeJson(schema, value),
    readString: (schema, text) => fromString.read(schema, text),
    writeString: (schema, value) => {
      toString.write(schema, value);
      return toString.flush();
    },
  };
};
