// The OpenTelemetry Collector of the tests, with the least that it is one with: the OTLP receiver, and an exporter that
// writes what came as lines of OTLP's JSON into a file.
package main

import (
	"context"
	"errors"
	"os"
	"sync"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/provider/fileprovider"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/exporter/exporterhelper"
	"go.opentelemetry.io/collector/otelcol"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/receiver/otlpreceiver"
	"go.opentelemetry.io/collector/service/telemetry"
	"go.uber.org/zap"
)

// LinesConfig is what the exporter is told.
type LinesConfig struct {
	// Path of the file; what comes is added to it.
	Path string `mapstructure:"path"`
}

// Validate refuses a configuration without a file.
func (config *LinesConfig) Validate() error {
	if config.Path == "" {
		return errors.New("path: which file to write to is missing")
	}
	return nil
}

// One line per request of a sender, whole or not at all.
func newLines(ctx context.Context, settings exporter.Settings, config component.Config) (exporter.Traces, error) {
	file, err := os.OpenFile(config.(*LinesConfig).Path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	var turn sync.Mutex
	write := func(_ context.Context, traces ptrace.Traces) error {
		line, err := (&ptrace.JSONMarshaler{}).MarshalTraces(traces)
		if err != nil {
			return err
		}
		turn.Lock()
		defer turn.Unlock()
		_, err = file.Write(append(line, '\n'))
		return err
	}
	shutdown := exporterhelper.WithShutdown(func(context.Context) error { return file.Close() })
	return exporterhelper.NewTraces(ctx, settings, config, write, shutdown)
}

// What the collector says of itself: lines on standard error, and nothing else.
func newLogger(context.Context, telemetry.LoggerSettings, component.Config) (*zap.Logger, component.ShutdownFunc, error) {
	logger, err := zap.NewProduction()
	return logger, nil, err
}

func components() (otelcol.Factories, error) {
	lines := exporter.NewFactory(
		component.MustNewType("lines"),
		func() component.Config { return &LinesConfig{} },
		exporter.WithTraces(newLines, component.StabilityLevelDevelopment),
	)
	exporters, err := otelcol.MakeFactoryMap(lines)
	if err != nil {
		return otelcol.Factories{}, err
	}
	receivers, err := otelcol.MakeFactoryMap[receiver.Factory](otlpreceiver.NewFactory())
	said := telemetry.NewFactory(func() component.Config { return &struct{}{} }, telemetry.WithCreateLogger(newLogger))
	return otelcol.Factories{Receivers: receivers, Exporters: exporters, Telemetry: said}, err
}

func main() {
	settings := otelcol.CollectorSettings{
		BuildInfo: component.BuildInfo{Command: "otel-collector", Description: "The collector of GAPIN's tests"},
		Factories: components,
		ConfigProviderSettings: otelcol.ConfigProviderSettings{ResolverSettings: confmap.ResolverSettings{
			ProviderFactories: []confmap.ProviderFactory{fileprovider.NewFactory()},
			DefaultScheme:     "file",
		}},
	}
	if otelcol.NewCommand(settings).Execute() != nil {
		os.Exit(1)
	}
}
