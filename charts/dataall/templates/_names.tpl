{{- define "dataall.labels" -}}
app.kubernetes.io/name: dataall
app.kubernetes.io/part-of: dataall
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- define "dataall.image" -}}
{{- with .Values.image -}}
{{ .repository }}{{ if .digest }}@{{ .digest }}{{ else }}:{{ .tag | default $.Chart.AppVersion }}{{ end }}
{{- end }}
{{- end }}

{{/* Pods of a workload: dict "root" $ "name" "operator". */}}
{{- define "dataall.replicas" -}}
{{- $asked := (index .root.Values .name).replicas -}}
{{- if kindIs "invalid" $asked }}{{ ternary 2 1 (eq .root.Values.profile "prod") }}{{ else }}{{ $asked }}{{ end }}
{{- end }}

{{/* What every pod of ours has, around its containers: dict "root" $ "name" "operator" "checksums" (list of file contents). */}}
{{- define "dataall.podSpec" -}}
{{- $values := index .root.Values .name -}}
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  fsGroup: 65532
  seccompProfile:
    type: RuntimeDefault
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with $values.nodeSelector }}
nodeSelector: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with $values.tolerations }}
tolerations: {{ toYaml . | nindent 2 }}
{{- end }}
{{- if eq .root.Values.profile "prod" }}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: topology.kubernetes.io/zone
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        app.kubernetes.io/name: dataall
        app.kubernetes.io/component: {{ .name }}
{{- end }}
{{- end }}

{{/* What every container of ours has: dict "root" $ "name" "operator" "program" "operator/main.ts". */}}
{{- define "dataall.container" -}}
{{- $values := index .root.Values .name -}}
command: [node, {{ .program }}]
workingDir: /app
image: {{ include "dataall.image" .root | quote }}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
resources:
{{- if $values.resources }}
{{- toYaml $values.resources | nindent 2 }}
{{- else if eq .root.Values.profile "prod" }}
  requests: { cpu: 500m, memory: 512Mi }
  limits: { memory: 1Gi }
{{- else }}
  requests: { cpu: 100m, memory: 256Mi }
  limits: { memory: 768Mi }
{{- end }}
{{- end }}

{{/* A text within '...' of CEL, all of it ASCII as the operator writes it, within "..." of YAML. */}}
{{- define "dataall.cel" -}}
{{- $text := "" -}}
{{- range regexFindAll "(?s)." . -1 -}}
{{- if eq . "\\" -}}{{- $text = print $text "\\\\" -}}
{{- else if eq . "'" -}}{{- $text = print $text "\\'" -}}
{{- else if eq . "\n" -}}{{- $text = print $text "\\u000a" -}}
{{- else if regexMatch "^[ -~]$" . -}}{{- $text = print $text . -}}
{{- else -}}{{- $text = print $text (printf "%+q" . | trimAll "\"") -}}
{{- end -}}
{{- end -}}
{{- $text | toJson | trimPrefix "\"" | trimSuffix "\"" -}}
{{- end }}

{{/* What policies put before the groups that specs name; nothing, where the API server puts nothing before them. */}}
{{- define "dataall.groupPrefix" -}}
{{- with dig "authority" "groupPrefix" "" .Values.operator.settings }}'{{ include "dataall.cel" . }}' + {{ end }}
{{- end }}
