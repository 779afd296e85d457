#!/usr/bin/env bash
# Whether the chart holds, over every file of values in gapin/ci: helm's own lint, every manifest against the schemas of the
# oldest and the newest Kubernetes and of Prometheus' operator, a policy check, the rules by promtool, and what we ask
# ourselves (assertions.py).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=scripts/apt.sh
source scripts/apt.sh

# All Apache-2.0. helm renders; kubeconform holds manifests to schemas. From Go modules, into .tools/kube.
helm_module=helm.sh/helm/v4/cmd/helm helm_version=v4.3.1
kubeconform_module=github.com/yannh/kubeconform/cmd/kubeconform kubeconform_version=v0.8.0
# Its module has the definitions of ServiceMonitor and PrometheusRule.
operator_module=github.com/prometheus-operator/prometheus-operator operator_version=v0.85.0
# checkov looks for what is left open; kubernetes-validate has Kubernetes' schemas. From PyPI, at these versions.
requirements=deploy/helm/requirements.txt

oldest=1.30.0 # kubeVersion of the chart
newest=1.37.0
chart=deploy/helm/gapin
tools=$PWD/.tools/kube

# built PROGRAM MODULE VERSION: into .tools/kube, unless that version is there; a program says by which one it was built.
built() {
  [[ $(cat "$tools/$1.version" 2>/dev/null) == "$3" && -x $tools/$1 ]] && return 0
  have_go
  say "building $1 $3 into .tools/kube: some minutes, once"
  GOBIN=$tools go install "$2@$3"
  echo "$3" >"$tools/$1.version"
}

python_tools() {
  if cmp -s "$requirements" "$tools/requirements.txt" && "$tools/venv/bin/python" -c '' 2>/dev/null; then return 0; fi
  if ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
    want python3
    want python3-venv
    install_wanted
  fi
  say "installing checkov and Kubernetes' schemas into .tools/kube/venv"
  rm -f "$tools/requirements.txt"
  python3 -m venv --clear "$tools/venv"
  "$tools/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --requirement "$requirements"
  cp "$requirements" "$tools/requirements.txt"
}

schemas=$tools/schemas
written_for="$operator_version $oldest $newest $(cksum <deploy/helm/schemas.py)"

write_schemas() {
  [[ $(cat "$schemas/written-for" 2>/dev/null) == "$written_for" ]] && return 0
  have_go
  local folder
  folder=$(cd "$tools" && go mod download -json "$operator_module@$operator_version" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')
  "$tools/venv/bin/python" deploy/helm/schemas.py "$folder/example/prometheus-operator-crd" "$schemas" "$oldest" "$newest"
  echo "$written_for" >"$schemas/written-for"
}

command -v promtool >/dev/null || want prometheus
install_wanted
mkdir -p "$tools"
built kubeconform "$kubeconform_module" "$kubeconform_version"
built helm "$helm_module" "$helm_version"
python_tools
write_schemas

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# helm looks at nobody's settings and no cluster.
export HOME=$work KUBECONFIG=$work/none HELM_CACHE_HOME=$work/helm HELM_CONFIG_HOME=$work/helm HELM_DATA_HOME=$work/helm

for values in "$chart"/ci/*.yaml; do
  name=$(basename "$values" .yaml)
  "$tools/helm" lint --strict --quiet --values "$values" "$chart" >"$work/said" 2>&1 || {
    cat "$work/said" >&2
    fail "helm lint: $values" "deploy/helm/check.sh"
  }
  mkdir -p "$work/rendered/$name"
  "$tools/helm" template gapin "$chart" --namespace flight --kube-version "$newest" --values "$values" \
    >"$work/rendered/$name/all.yaml" 2>"$work/said" || {
    cat "$work/said" >&2
    fail "helm template: $values" "deploy/helm/check.sh"
  }
  # Notes are a template, too, which `template` leaves out.
  "$tools/helm" install gapin "$chart" --namespace flight --dry-run=client --values "$values" >"$work/rendered/$name/notes" 2>"$work/said" || {
    cat "$work/said" >&2
    fail "helm install --dry-run: $values" "deploy/helm/check.sh"
  }
done

for version in "$oldest" "$newest"; do
  "$tools/kubeconform" -strict -kubernetes-version "$version" \
    -schema-location "$schemas/{{.NormalizedKubernetesVersion}}/{{.ResourceKind}}{{.KindSuffix}}.json" "$work"/rendered/*/all.yaml
done

# What is not asked: of images, a digest (it is the installation's to say which; the chart takes one) and that they are
# fetched at each start (their tags are versions). Of what is bundled besides, a user's number above 10000: the images have
# users of their own, whose files these are.
not_asked=CKV_K8S_43,CKV_K8S_15
mkdir -p "$work/ours" "$work/bundled"
"$tools/venv/bin/python" deploy/helm/assertions.py "$tools/helm" "$chart" "$work"
# policies FOLDER NOT_ASKED: checkov's answer, shown when something failed, or when it found nothing to look at.
policies() {
  "$tools/venv/bin/checkov" --directory "$1" --framework kubernetes --skip-check "$2" --compact --quiet --skip-download >"$work/said" 2>&1 &&
    grep -q '^Passed checks: [1-9]' "$work/said" && return 0
  cat "$work/said" >&2
  fail "policies of the chart" "deploy/helm/check.sh"
}
policies "$work/ours" "$not_asked"
policies "$work/bundled" "$not_asked,CKV_K8S_40"

promtool check rules "$work/rules.yml" >/dev/null
promtool test rules "$work/lag.test.yml" >/dev/null
say "the chart: $(find "$chart/ci" -name '*.yaml' | wc -l) files of values, linted, rendered, held to the schemas of Kubernetes $oldest and $newest, to policies and to what assertions.py asks"
