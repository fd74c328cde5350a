{{/* Made from operator/ by `npm run generate`. Do not edit. */}}

{{/* Modules that are active, a comma after each: what is named and not switched off, and what such a module needs. */}}
{{- define "dataall.activeModules" -}}
{{- $active := dict -}}
{{- range $name, $module := .Values.config.modules -}}
{{- if and (kindIs "map" $module) (get $module "active") -}}{{- $_ := set $active $name true -}}{{- end -}}
{{- end -}}
{{- if hasKey $active "vote" -}}{{- $_ := set $active "catalog" true -}}{{- end -}}
{{- if hasKey $active "s3_datasets" -}}{{- $_ := set $active "datasets_base" true -}}{{- $_ := set $active "s3_datasets_shares" true -}}{{- $_ := set $active "shares_base" true -}}{{- $_ := set $active "notifications" true -}}{{- $_ := set $active "catalog" true -}}{{- $_ := set $active "vote" true -}}{{- $_ := set $active "feed" true -}}{{- end -}}
{{- if hasKey $active "shares_base" -}}{{- $_ := set $active "datasets_base" true -}}{{- $_ := set $active "notifications" true -}}{{- end -}}
{{- if hasKey $active "s3_datasets_shares" -}}{{- $_ := set $active "datasets_base" true -}}{{- $_ := set $active "shares_base" true -}}{{- $_ := set $active "notifications" true -}}{{- end -}}
{{- if hasKey $active "redshift_datasets" -}}{{- $_ := set $active "datasets_base" true -}}{{- $_ := set $active "catalog" true -}}{{- $_ := set $active "vote" true -}}{{- $_ := set $active "feed" true -}}{{- end -}}
{{- if hasKey $active "redshift_datasets_shares" -}}{{- $_ := set $active "redshift_datasets" true -}}{{- $_ := set $active "datasets_base" true -}}{{- $_ := set $active "catalog" true -}}{{- $_ := set $active "vote" true -}}{{- $_ := set $active "feed" true -}}{{- $_ := set $active "shares_base" true -}}{{- $_ := set $active "notifications" true -}}{{- end -}}
{{- if hasKey $active "worksheets" -}}{{- $_ := set $active "s3_datasets" true -}}{{- $_ := set $active "datasets_base" true -}}{{- $_ := set $active "s3_datasets_shares" true -}}{{- $_ := set $active "shares_base" true -}}{{- $_ := set $active "notifications" true -}}{{- $_ := set $active "catalog" true -}}{{- $_ := set $active "vote" true -}}{{- $_ := set $active "feed" true -}}{{- end -}}
{{- if hasKey $active "dashboards" -}}{{- $_ := set $active "catalog" true -}}{{- $_ := set $active "vote" true -}}{{- $_ := set $active "feed" true -}}{{- end -}}
{{- if hasKey $active "datapipelines" -}}{{- $_ := set $active "feed" true -}}{{- end -}}
{{- range keys $active }}{{ . }},{{ end -}}
{{- end }}

{{/* What is off of what policies watch, one a line. */}}
{{- define "dataall.switchedOff" -}}
{{- $active := splitList "," (include "dataall.activeModules" .) -}}
{{- $off := list -}}
{{- if not (has "s3_datasets" $active) }}{{ $off = append $off "modules.s3_datasets" }}{{ end -}}
{{- if not (has "s3_datasets_shares" $active) }}{{ $off = append $off "modules.s3_datasets_shares" }}{{ end -}}
{{- if not (has "maintenance" $active) }}{{ $off = append $off "modules.maintenance" }}{{ end -}}
{{- if not ((dig "modules" "datasets_base" "features" "topics_dropdown" (dig "modules" "s3_datasets" "features" "topics_dropdown" (dig "modules" "datasets" "features" "topics_dropdown" true .Values.config) .Values.config) .Values.config)) }}{{ $off = append $off "modules.datasets_base.features.topics_dropdown" }}{{ end -}}
{{- if not ((dig "modules" "datasets_base" "features" "share_expiration" "active" (dig "modules" "s3_datasets" "features" "share_expiration" "active" (dig "modules" "datasets" "features" "share_expiration" "active" true .Values.config) .Values.config) .Values.config)) }}{{ $off = append $off "modules.datasets_base.features.share_expiration.active" }}{{ end -}}
{{- if not ((dig "modules" "s3_datasets" "features" "file_actions" (dig "modules" "datasets_base" "features" "file_actions" (dig "modules" "datasets" "features" "file_actions" true .Values.config) .Values.config) .Values.config)) }}{{ $off = append $off "modules.s3_datasets.features.file_actions" }}{{ end -}}
{{- join "\n" $off -}}
{{- end }}

{{- define "dataall.maintenanceText" -}}
{{- (dig "modules" "maintenance" "custom_maintenance_text" (dig "modules" "maintenance" "features" "custom_maintenance_text" "" .Values.config) .Values.config) | default "nothing can be changed at the moment; try again later" -}}
{{- end }}

{{/* Levels of confidentiality that a new Dataset may say, one a line. */}}
{{- define "dataall.confidentialities" -}}
{{- $chosen := (dig "modules" "datasets_base" "features" "confidentiality_dropdown" (dig "modules" "s3_datasets" "features" "confidentiality_dropdown" (dig "modules" "datasets" "features" "confidentiality_dropdown" true .Values.config) .Values.config) .Values.config) -}}
{{- $mapping := (dig "modules" "datasets_base" "features" "custom_confidentiality_mapping" (dig "modules" "s3_datasets" "features" "custom_confidentiality_mapping" (dig "modules" "datasets" "features" "custom_confidentiality_mapping" "" .Values.config) .Values.config) .Values.config) | default (dict "Official" "Official" "Secret" "Secret" "Unclassified" "Unclassified") -}}
{{- $levels := list -}}
{{- range $base := ternary (list "Unclassified" "Official" "Secret") (list "Official" "Secret") $chosen -}}
{{- range $level := keys $mapping | sortAlpha -}}
{{- if eq $base (get $mapping $level) }}{{ $levels = append $levels $level }}{{ end -}}
{{- end -}}
{{- end -}}
{{- join "\n" $levels -}}
{{- end }}
