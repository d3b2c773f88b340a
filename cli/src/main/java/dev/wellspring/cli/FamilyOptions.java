package dev.wellspring.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Mixin: which family makes something, from what, and where it goes.
final class FamilyOptions {
    @Parameters(paramLabel = "NAME", description = "A family that 'list' names.")
    String name = "";

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Everything random follows from it. Default: ${DEFAULT-VALUE}.")
    long seed;

    @Option(
            names = "--param",
            paramLabel = "NAME=VALUE",
            description = "A parameter that 'describe' names; may be repeated.")
    Map<String, String> parameters = new LinkedHashMap<>();

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "The folder to write into.")
    Path out = Path.of("");
}
