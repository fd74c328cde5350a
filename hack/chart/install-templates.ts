// charts/dataall/templates/generated/: what the cluster needs besides workloads, made of the same objects that `npm start` applies, with
// templates where installations differ.
import { stringify } from 'yaml';
import { keyDefinitions, placesOf } from '../../operator/features/keys.ts';
import { moduleNames, needsOf, type ModuleName } from '../../operator/features/modules.ts';
import { customResourceDefinition } from '../../operator/resources/generate/crd.ts';
import { installFiles } from '../../operator/resources/authority/install.ts';
import {
  ADMISSION_MODULES,
  ADMISSION_SWITCHES,
  shippedInstallation,
  type Installation,
} from '../../operator/resources/authority/installation.ts';
import { kinds } from '../../operator/resources/kinds.ts';

/** Words that stand for what installations say, none of which is part of another text. */
const HOLES = { namespace: 'hole-of-namespace', groupPrefix: 'hole-of-group-prefix', text: 'hole-of-text' } as const;

const installation: Installation = {
  ...shippedInstallation(),
  namespace: HOLES.namespace,
  groupPrefix: HOLES.groupPrefix,
  maintenanceText: HOLES.text,
};

const FILLED: Readonly<Record<string, string>> = {
  [HOLES.namespace]: '{{ .Release.Namespace }}',
  [`'${HOLES.groupPrefix}' + `]: '{{ include "dataall.groupPrefix" . }}',
  [HOLES.text]: '{{ include "dataall.maintenanceText" . | include "dataall.cel" }}',
};

const BANNER = '{{/* Made from operator/ by `npm run generate`. Do not edit. */}}\n';

/** Name of a file -> content. Equal input gives equal bytes. */
export function installTemplates(): ReadonlyMap<string, string> {
  const { rbac, policies, 'request-flows': flows, 'indexer-lease': lease } = installFiles(installation);
  const files = { rbac, policies, 'request-flows': flows, 'indexer-lease': lease };
  return new Map([
    ...Object.entries(files).map(([name, manifests]): [string, string] => [
      `${name}.yaml`,
      BANNER + manifests.map((manifest) => filled(yaml(manifest))).join('---\n'),
    ]),
    ['crds.yaml', definitions()],
    ['_features.tpl', features()],
  ]);
}

/** Strings in double quotes, so that what fills a hole is escaped in one way. */
const yaml = (value: unknown): string =>
  stringify(value, {
    lineWidth: 0,
    aliasDuplicateObjects: false,
    defaultStringType: 'QUOTE_DOUBLE',
    defaultKeyType: 'PLAIN',
  });

const literally = (text: string): string => text.replaceAll('{{', '{{ "{{" }}');

const filled = (text: string): string =>
  Object.entries(FILLED).reduce((all, [hole, action]) => all.replaceAll(hole, action), literally(text));

/** Helm deletes no resource with this policy, neither with its release nor when a version has it no more. */
const KEEP = '{{- if .Values.crds.keep }}\n  annotations:\n    helm.sh/resource-policy: keep\n  {{- end }}';

function definitions(): string {
  const documents = kinds.map((kind) =>
    literally(yaml(customResourceDefinition(kind))).replace(/^metadata:\n/m, `metadata:\n  ${KEEP}\n`),
  );
  return `${BANNER}{{- if .Values.crds.enabled }}\n${documents.join('---\n')}{{- end }}\n`;
}

/** What of config.json admission enforces, as operator/resources/authority/installation.ts has it (`ruledByFeatures`). */
const features = (): string => `${BANNER}
{{/* Modules that are active, a comma after each: what is named and not switched off, and what such a module needs. */}}
{{- define "dataall.activeModules" -}}
{{- $active := dict -}}
{{- range $name, $module := .Values.config.modules -}}
{{- if and (kindIs "map" $module) (get $module "active") -}}{{- $_ := set $active $name true -}}{{- end -}}
{{- end -}}
${moduleNames
  .filter((name) => needsOf(name).size > 0)
  .map(needs)
  .join('\n')}
{{- range keys $active }}{{ . }},{{ end -}}
{{- end }}

{{/* What is off of what policies watch, one a line. */}}
{{- define "dataall.switchedOff" -}}
{{- $active := splitList "," (include "dataall.activeModules" .) -}}
{{- $off := list -}}
${ADMISSION_MODULES.map((name) => `{{- if not (has "${name}" $active) }}{{ $off = append $off "modules.${name}" }}{{ end -}}`).join('\n')}
${Object.values(ADMISSION_SWITCHES)
  .map((name) => `{{- if not (${said(name)}) }}{{ $off = append $off "${name}" }}{{ end -}}`)
  .join('\n')}
{{- join "\\n" $off -}}
{{- end }}

{{- define "dataall.maintenanceText" -}}
{{- ${said('modules.maintenance.custom_maintenance_text')} | default ${JSON.stringify(shippedInstallation().maintenanceText)} -}}
{{- end }}

{{/* Levels of confidentiality that a new Dataset may say, one a line. */}}
{{- define "dataall.confidentialities" -}}
{{- $chosen := ${said('modules.datasets_base.features.confidentiality_dropdown')} -}}
{{- $mapping := ${said('modules.datasets_base.features.custom_confidentiality_mapping')} | default (dict "Official" "Official" "Secret" "Secret" "Unclassified" "Unclassified") -}}
{{- $levels := list -}}
{{- range $base := ternary (list "Unclassified" "Official" "Secret") (list "Official" "Secret") $chosen -}}
{{- range $level := keys $mapping | sortAlpha -}}
{{- if eq $base (get $mapping $level) }}{{ $levels = append $levels $level }}{{ end -}}
{{- end -}}
{{- end -}}
{{- join "\\n" $levels -}}
{{- end }}
`;

const needs = (name: ModuleName): string => {
  const all = [...needsOf(name)].map((need) => `{{- $_ := set $active "${need}" true -}}`).join('');
  return `{{- if hasKey $active "${name}" -}}${all}{{- end -}}`;
};

/** The value of a key: in the first of its places that has one, else what it is when nothing is said. */
function said(name: keyof typeof keyDefinitions): string {
  const { fallback } = keyDefinitions[name];
  const last = fallback === undefined ? '""' : JSON.stringify(fallback);
  return placesOf(name).reduceRight((otherwise, place) => {
    const path = place
      .split('.')
      .map((part) => `"${part}"`)
      .join(' ');
    return `(dig ${path} ${otherwise} .Values.config)`;
  }, last);
}
