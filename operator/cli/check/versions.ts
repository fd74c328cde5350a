// Of which versions the parts of an installation are, and which disagree with this command line. Pure.

/** What a Deployment of the chart says of itself. */
export interface InstalledWorkload {
  readonly name: string;
  /** Label app.kubernetes.io/version. */
  readonly version: string;
  /** Label helm.sh/chart: `dataall-0.1.0`; undefined: not by Helm. */
  readonly chart?: string | undefined;
  /** `registry/dataall-operator:0.1.0`, or by digest. */
  readonly images: readonly string[];
}

/** One sentence each. A digest says no version, and is left out. @param client of this command line */
export function disagreements(
  client: string,
  workloads: readonly InstalledWorkload[],
  definitions: 'ok' | 'wrong' | 'hidden',
): readonly string[] {
  const told = (what: string, version: string | undefined): readonly string[] =>
    version === undefined || version === client ? [] : [`${what} is ${version}, this dataall ${client}`];
  return [
    ...workloads.flatMap(({ name, version, chart, images }) => [
      ...told(name, version),
      ...told(`the chart of ${name}`, chart?.replace(/^[a-z-]+-(?=\d)/, '')),
      ...images.flatMap((image) => told(`the image of ${name}`, tagOf(image))),
    ]),
    ...(definitions === 'wrong' ? [`definitions of the kinds are not those of this dataall (${client}): dataall check names them`] : []), // prettier-ignore
  ];
}

/** Undefined where only a digest is named. */
const tagOf = (image: string): string | undefined => /^[^@]*:([^:/@]+)(?:@|$)/.exec(image)?.[1];
