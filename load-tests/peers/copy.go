package main

func againstCopy(*Options, string) error { return nil }
