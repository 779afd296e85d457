package main

func onKafka(*Options, string) error { return nil }
