// Why an object is as it is, link by link: from a request over its approval, dataset, environments and the consent of their accounts to the documents in AWS.
// Pure, of objects that were read; each is judged by operator/resources/explanation, as the web UI's "Why?" does.

import { explain, type Finding, type Standing } from '../../resources/explanation/explanation.ts';
import { referenceText } from '../object-reference.ts';
import { causeOf } from './cause.ts';
import { fixOf } from './fix.ts';
import { linksOf, type LinkName } from './links.ts';
import type { SeenObject } from './seen-object.ts';

/** As `dataall explain -o json` writes it. Optional fields are left out where there is nothing to tell. */
export interface ChainExplanation {
  /** `Kind namespace/name` of what was asked about. */
  readonly object: string;
  readonly standing: Standing;
  /** What all else follows from. Absent where all is well, or nothing is known yet. */
  readonly cause?: (Finding & { readonly link: LinkName; readonly object: string }) | undefined;
  /** One command: the first step that somebody can take about the cause. */
  readonly fix?: string | undefined;
  /** The object was changed since it was judged. */
  readonly isOutdated: boolean;
  readonly links: readonly {
    readonly link: LinkName;
    readonly object: string;
    readonly presence: SeenObject['presence'];
    readonly standing?: Standing | undefined;
    readonly reason?: string | undefined;
    readonly evidence?: string | undefined;
    readonly since?: string | undefined;
  }[];
  /** What the caller may not see, so that nothing is known of it: `Kind namespace/name`. */
  readonly hidden: readonly string[];
}

/** @param seen the object that is asked about first, then what it depends on: see `readChain` */
export function explainChain(seen: readonly SeenObject[]): ChainExplanation {
  const [start] = seen;
  if (start?.presence !== 'Seen') throw new TypeError('the object that is asked about was not read');
  const links = seen.flatMap(linksOf);
  const own = explain(start.object);
  const cause = own.standing === 'Good' ? undefined : causeOf(links, seen);
  return {
    object: referenceText(start.reference),
    standing: own.standing,
    cause: cause && { ...cause.finding, link: cause.link.link, object: referenceText(cause.link.reference) },
    fix: cause && fixOf(cause, seen),
    isOutdated: own.isOutdated,
    links: links.map(({ link, reference, presence, standing, finding }) => ({
      link,
      object: referenceText(reference),
      presence,
      standing,
      reason: finding?.reason,
      evidence: standing === 'Good' ? undefined : finding?.evidence,
      since: finding?.since,
    })),
    hidden: links.filter(({ presence }) => presence === 'Hidden').map(({ reference }) => referenceText(reference)),
  };
}
