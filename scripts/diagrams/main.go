// Command diagrams renders docs/diagrams/*.d2 to SVG, without a browser and without a network: text is measured with the
// fonts that are inside D2 (oss.terrastruct.com/d2, MPL-2.0), which puts them into the pictures, too. Each picture has
// the colours of both a light and a dark page, and takes those that the reader's system asks for.
//
//	diagrams FOLDER          writes FOLDER/*.svg anew, and takes away what has no source
//	diagrams -check FOLDER   says which pictures are not what their sources say, and fails
package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"oss.terrastruct.com/d2/d2graph"
	"oss.terrastruct.com/d2/d2layouts/d2elklayout"
	"oss.terrastruct.com/d2/d2lib"
	"oss.terrastruct.com/d2/d2renderers/d2svg"
	"oss.terrastruct.com/d2/d2themes/d2themescatalog"
	"oss.terrastruct.com/d2/lib/log"
	"oss.terrastruct.com/d2/lib/textmeasure"
)

func main() {
	check := flag.Bool("check", false, "write nothing, and fail where a picture is not of its source")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: diagrams [-check] FOLDER")
		os.Exit(2)
	}
	stale, err := run(flag.Arg(0), *check)
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
	if len(stale) > 0 {
		fmt.Fprintf(os.Stderr, "error: not what their sources say: %s\n  mend it with: make diagrams\n", strings.Join(stale, ", "))
		os.Exit(1)
	}
}

// run renders every source of the folder, and answers the names of the pictures that were not as they should be.
func run(folder string, check bool) (stale []string, err error) {
	sources, err := filepath.Glob(filepath.Join(folder, "*.d2"))
	if err != nil {
		return nil, err
	}
	if len(sources) == 0 {
		return nil, fmt.Errorf("no *.d2 in %s", folder)
	}
	ruler, err := textmeasure.NewRuler()
	if err != nil {
		return nil, err
	}
	wanted := map[string]bool{}
	for _, source := range sources {
		picture := strings.TrimSuffix(source, ".d2") + ".svg"
		wanted[picture] = true
		svg, err := render(source, ruler)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", source, err)
		}
		there, err := os.ReadFile(picture)
		if err == nil && bytes.Equal(there, svg) {
			continue
		}
		if check {
			stale = append(stale, picture)
		} else if err := os.WriteFile(picture, svg, 0o644); err != nil {
			return nil, err
		}
	}
	pictures, err := filepath.Glob(filepath.Join(folder, "*.svg"))
	if err != nil {
		return nil, err
	}
	for _, picture := range pictures {
		if wanted[picture] {
			continue
		}
		if check {
			stale = append(stale, picture)
		} else if err := os.Remove(picture); err != nil {
			return nil, err
		}
	}
	return stale, nil
}

func render(source string, ruler *textmeasure.Ruler) ([]byte, error) {
	text, err := os.ReadFile(source)
	if err != nil {
		return nil, err
	}
	pad, light, dark := int64(16), d2themescatalog.NeutralDefault.ID, d2themescatalog.DarkMauve.ID
	scale := 1.0 // its own size, and not that of the page around it
	look := &d2svg.RenderOpts{Pad: &pad, ThemeID: &light, DarkThemeID: &dark, Scale: &scale}
	layout := "elk"
	ctx := log.With(context.Background(), slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})))
	diagram, _, err := d2lib.Compile(ctx, string(text), &d2lib.CompileOptions{
		Layout: &layout,
		Ruler:  ruler,
		LayoutResolver: func(string) (d2graph.LayoutGraph, error) {
			return d2elklayout.DefaultLayout, nil
		},
	}, look)
	if err != nil {
		return nil, err
	}
	return d2svg.Render(diagram, look)
}
