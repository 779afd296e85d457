{{/* Its name in the cluster. (list $ "postgresql" 5432) */}}
{{- define "gapin.bundledService" -}}
{{- $part := index . 1 -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ include "gapin.name" (index . 0) }}-{{ $part }}
  labels: {{- include "gapin.labels" . | nindent 4 }}
spec:
  clusterIP: None
  publishNotReadyAddresses: true
  selector: {{- include "gapin.selector" . | nindent 4 }}
  ports:
    - { name: {{ $part }}, port: {{ index . 2 }}, targetPort: {{ $part }} }
{{- end }}

{{/* Who may call it; it calls nobody. (list $ "postgresql" 5432 (list "gateway" "consumer")) */}}
{{- define "gapin.bundledPolicy" -}}
{{- $root := index . 0 -}}
{{- $part := index . 1 -}}
{{- if $root.Values.networkPolicy.enabled -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ include "gapin.name" $root }}-{{ $part }}
  labels: {{- include "gapin.labels" . | nindent 4 }}
spec:
  podSelector:
    matchLabels: {{- include "gapin.selector" . | nindent 6 }}
  policyTypes: [Ingress, Egress]
  ingress:
    - ports: [{ port: {{ $part }}, protocol: TCP }]
      from:
        {{- range $caller := index . 3 }}
        - podSelector: { matchLabels: {{ include "gapin.selector" (list $root $caller) | fromYaml | toJson }} }
        {{- end }}
  egress:
    {{- include "gapin.egressDns" $root | nindent 4 }}
{{- end }}
{{- end }}
