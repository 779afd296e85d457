{{- define "gapin.name" -}}
{{- if contains "gapin" .Release.Name }}{{ .Release.Name | trunc 40 | trimSuffix "-" }}{{ else }}{{ printf "%s-gapin" .Release.Name | trunc 40 | trimSuffix "-" }}{{ end -}}
{{- end }}

{{/* What a part is found by. (list $ "gateway") */}}
{{- define "gapin.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: gapin
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{- define "gapin.labels" -}}
{{- $root := index . 0 -}}
{{ include "gapin.selector" . }}
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version }}
{{- end }}

{{- define "gapin.image" -}}
{{- $repository := required "image.repository: where the image was pushed to" .Values.image.repository -}}
{{- if .Values.image.digest }}{{ $repository }}@{{ .Values.image.digest }}{{ else }}{{ $repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}{{ end -}}
{{- end }}

{{- define "gapin.serviceAccount" -}}
{{- .Values.serviceAccount.name | default (include "gapin.name" .) -}}
{{- end }}

{{- define "gapin.secret" -}}
{{- required "secrets.existingSecret: the name of the Secret with the master key and the database's URL" .Values.secrets.existingSecret -}}
{{- end }}

{{- define "gapin.brokers" -}}
{{- if .Values.bundled.redpanda.enabled }}{{ include "gapin.name" . }}-redpanda:9092{{ else }}{{ required "kafka.brokers: host:port,host:port, or bundled.redpanda.enabled" .Values.kafka.brokers }}{{ end -}}
{{- end }}

{{/* Who may run it, and what it may do on its node: nothing. (a user's number) */}}
{{- define "gapin.podSecurity" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: {{ . }}
  runAsGroup: {{ . }}
  fsGroup: {{ . }}
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: { type: RuntimeDefault }
{{- end }}

{{- define "gapin.containerSecurity" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  runAsNonRoot: true
  capabilities: { drop: [ALL] }
{{- end }}

{{/* On different nodes and in different zones, as far as there are such. (list $ "gateway") */}}
{{- define "gapin.spread" -}}
topologySpreadConstraints:
  {{- range $key := list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
  - maxSkew: 1
    topologyKey: {{ $key }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels: {{- include "gapin.selector" $ | nindent 8 }}
  {{- end }}
{{- end }}

{{/* Where a pod may run. (the values of a part) */}}
{{- define "gapin.placement" -}}
{{- with .nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- end }}

{{- define "gapin.pullSecrets" -}}
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- end }}

{{/* Which secrets a part reads: the variable without _FILE, and the key in the Secret. (list $ "gateway") */}}
{{- define "gapin.secretFiles" -}}
{{- $keys := (index . 0).Values.secrets.keys -}}
{{- $part := index . 1 -}}
{{- $files := dict "DATABASE_URL" $keys.databaseUrl "GAPIN_MASTER_KEY" $keys.masterKey -}}
{{- if ne $part "migrate" }}{{ $_ := set $files "KAFKA_SASL_PASSWORD" $keys.kafkaSaslPassword }}{{ end -}}
{{- if has $part (list "gateway" "check") }}{{ $_ := set $files "REDIS_URL" $keys.redisUrl }}{{ end -}}
{{- if eq $part "gateway" -}}
{{- $_ := set $files "GAPIN_SMTP_URL" $keys.smtpUrl -}}
{{- $_ := set $files "GAPIN_GOOGLE_CLIENT_SECRET" $keys.googleClientSecret -}}
{{- $_ := set $files "GAPIN_GITHUB_CLIENT_SECRET" $keys.githubClientSecret -}}
{{- $_ := set $files "GAPIN_METRICS_TOKEN" $keys.metricsToken -}}
{{- $_ := set $files "AIBBAR_SIGNING_SECRET" $keys.aibbarSigningSecret -}}
{{- end -}}
{{- if has $part (list "gateway" "consumer") }}{{ $_ := set $files "OTEL_EXPORTER_OTLP_HEADERS" $keys.otlpHeaders }}{{ end -}}
{{- range $name, $key := $files }}{{ if $key }}
{{ $name }}: {{ $key }}
{{- end }}{{ end }}
{{- end }}

{{/* The environment of a part. (list $ "gateway") */}}
{{- define "gapin.env" -}}
{{- $root := index . 0 -}}
{{- $part := index . 1 -}}
{{- $values := $root.Values -}}
{{- $env := dict "GAPIN_LOG_FORMAT" "json" "GAPIN_DATA_DIR" "/var/lib/gapin" -}}
{{- $_ := set $env "DATABASE_POOL_SIZE_MAX" (int64 $values.database.poolSizeMax) -}}
{{- if $values.database.ca.configMap }}{{ $_ := set $env "DATABASE_SSL_CA_LOCATION" "/run/gapin/database-ca/ca.crt" }}{{ end -}}
{{- if ne $part "migrate" -}}
{{- $_ := set $env "KAFKA_BROKERS" (include "gapin.brokers" $root) -}}
{{- $_ := set $env "KAFKA_SECURITY_PROTOCOL" $values.kafka.securityProtocol -}}
{{- $_ := set $env "GAPIN_LOG_PARTITIONS" (int64 $values.kafka.partitions) -}}
{{- if hasPrefix "sasl" $values.kafka.securityProtocol -}}
{{- $_ := set $env "KAFKA_SASL_MECHANISM" $values.kafka.saslMechanism -}}
{{- $_ := set $env "KAFKA_SASL_USERNAME" (required "kafka.saslUsername, as kafka.securityProtocol is one with SASL" $values.kafka.saslUsername) -}}
{{- $_ := required "secrets.keys.kafkaSaslPassword, as kafka.securityProtocol is one with SASL" $values.secrets.keys.kafkaSaslPassword -}}
{{- end -}}
{{- if $values.kafka.replicationFactor }}{{ $_ := set $env "KAFKA_REPLICATION_FACTOR" (int64 $values.kafka.replicationFactor) }}{{ end -}}
{{- if $values.kafka.ca.configMap }}{{ $_ := set $env "KAFKA_SSL_CA_LOCATION" "/run/gapin/kafka-ca/ca.crt" }}{{ end -}}
{{- $own := index $values (eq $part "check" | ternary "gateway" $part) -}}
{{- if eq $part "check" -}}
{{- $_ := set $env "GAPIN_URL" (printf "http://%s-gateway:%d" (include "gapin.name" $root) (int64 $values.gateway.service.port)) -}}
{{- $_ := set $env "GAPIN_SPOOL" "off" -}}
{{- else -}}
{{- $_ := set $env "GAPIN_METRICS_LISTEN" "0.0.0.0:9464" -}}
{{- $_ := set $env "GAPIN_DRAIN_MAX_MS" (mul (int64 $own.drainSeconds) 1000) -}}
{{- end -}}
{{- if eq $part "gateway" -}}
{{- $_ := set $env "GAPIN_LISTEN" "0.0.0.0:8080" -}}
{{- $_ := set $env "GAPIN_SPOOL" ($own.spool.enabled | ternary "on" "off") -}}
{{- if $own.spool.enabled -}}
{{- $_ := set $env "GAPIN_SPOOL_DIR" "/var/lib/gapin/spool" -}}
{{- $_ := set $env "GAPIN_SPOOL_BYTES_MAX" (int64 $own.spool.bytesMax) -}}
{{- $_ := set $env "GAPIN_SPOOL_FREE_BYTES_MIN" (int64 $own.spool.freeBytesMin) -}}
{{- end -}}
{{- with $own.publicUrl }}{{ $_ := set $env "GAPIN_PUBLIC_URL" . }}{{ end -}}
{{- with $own.trustedProxies }}{{ $_ := set $env "GAPIN_TRUSTED_PROXIES" (join "," .) }}{{ end -}}
{{- end -}}
{{- range $name, $value := eq $part "check" | ternary (dict) (mergeOverwrite (deepCopy $values.settings) $own.settings) -}}
{{- $_ := set $env $name (kindIs "float64" $value | ternary (int64 $value) $value) -}}
{{- end -}}
{{- end -}}
{{- range $name, $key := include "gapin.secretFiles" . | fromYaml -}}
{{- $_ := set $env (printf "%s_FILE" $name) (printf "/run/gapin/secrets/%s" $key) -}}
{{- end -}}
env:
  {{- range $name, $value := $env }}
  - { name: {{ $name }}, value: {{ $value | toString | quote }} }
  {{- end }}
{{- end }}

{{/* Where a part reads its secrets and authorities, and may write. (list $ "gateway") */}}
{{- define "gapin.mounts" -}}
{{- $root := index . 0 -}}
volumeMounts:
  - { name: secrets, mountPath: /run/gapin/secrets, readOnly: true }
  - { name: data, mountPath: /var/lib/gapin }
  - { name: tmp, mountPath: /tmp }
  {{- if $root.Values.database.ca.configMap }}
  - { name: database-ca, mountPath: /run/gapin/database-ca, readOnly: true }
  {{- end }}
  {{- if $root.Values.kafka.ca.configMap }}
  - { name: kafka-ca, mountPath: /run/gapin/kafka-ca, readOnly: true }
  {{- end }}
{{- end }}

{{/* The same, as volumes; the data of a gateway with a spool is a claim's. (list $ "gateway") */}}
{{- define "gapin.volumes" -}}
{{- $root := index . 0 -}}
volumes:
  - name: secrets
    secret:
      secretName: {{ include "gapin.secret" $root }}
      defaultMode: 0440
      items:
        {{- range $key := include "gapin.secretFiles" . | fromYaml | values | uniq | sortAlpha }}
        - { key: {{ $key }}, path: {{ $key }} }
        {{- end }}
  {{- if not (and (eq (index . 1) "gateway") $root.Values.gateway.spool.enabled) }}
  - { name: data, emptyDir: { sizeLimit: 64Mi } }
  {{- end }}
  - { name: tmp, emptyDir: { sizeLimit: 64Mi } }
  {{- range $name := list "database" "kafka" }}
  {{- $ca := (index $root.Values $name).ca }}
  {{- if $ca.configMap }}
  - { name: {{ $name }}-ca, configMap: { name: {{ $ca.configMap }}, items: [{ key: {{ $ca.key }}, path: ca.crt }] } }
  {{- end }}
  {{- end }}
{{- end }}

{{/* Before a pod starts, where no hook could: the bundled database is not there before the installation. */}}
{{- define "gapin.migrateFirst" -}}
{{- if .Values.bundled.postgresql.enabled }}
initContainers:
  - name: migrate
    image: {{ include "gapin.image" . }}
    imagePullPolicy: {{ .Values.image.pullPolicy }}
    args: [migrate]
    {{- include "gapin.env" (list . "migrate") | nindent 4 }}
    {{- include "gapin.containerSecurity" . | nindent 4 }}
    resources: {{- toYaml .Values.migrate.resources | nindent 6 }}
    {{- include "gapin.mounts" (list . "migrate") | nindent 4 }}
{{- end }}
{{- end }}

{{/* Asked at the port of metrics, where no crowd of clients stands in the way. */}}
{{- define "gapin.probes" -}}
startupProbe:
  httpGet: { path: /health/live, port: metrics }
  periodSeconds: 2
  failureThreshold: 60
livenessProbe:
  httpGet: { path: /health/live, port: metrics }
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 3
readinessProbe:
  httpGet: { path: /health/ready, port: metrics }
  periodSeconds: 5
  timeoutSeconds: 3
  failureThreshold: 2
{{- end }}

{{/* How many pods there may be at most. (the values of a part) */}}
{{- define "gapin.podsMax" -}}
{{- .autoscaling.enabled | ternary .autoscaling.max .replicas | int64 -}}
{{- end }}
