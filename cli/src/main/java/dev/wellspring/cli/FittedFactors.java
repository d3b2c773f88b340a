package dev.wellspring.cli;

import dev.wellspring.curvature.CurvatureStrategy;
import dev.wellspring.model.checkpoint.Checkpoint;
import dev.wellspring.run.Manifest;
import dev.wellspring.run.RunFolder;
import dev.wellspring.run.RunRefusedException;
import dev.wellspring.run.fit.FitRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a folder of factors is good for: one that `fit` made says so itself; kronfluence's has no manifest.
///
/// @param digest what is in it
/// @param curvature what to use it for
/// @param modules which linear maps to track
record FittedFactors(String digest, CurvatureStrategy curvature, String modules) {
    /// @param curvature what the user asked for, or null
    /// @param modules what the user asked for, or null
    /// @throws RunRefusedException when the factors are unfinished, or of another model
    static FittedFactors of(
            Path folder, Checkpoint checkpoint, @Nullable CurvatureStrategy curvature, @Nullable String modules)
            throws IOException {
        Manifest manifest = RunFolder.find(folder);
        if (manifest == null) {
            return new FittedFactors(
                    Digests.of(files(folder)),
                    curvature == null ? CurvatureStrategy.EKFAC : curvature,
                    modules == null ? "mlp" : modules);
        }
        require(folder, manifest, checkpoint);
        return new FittedFactors(
                manifest.identity(),
                curvature == null ? CurvatureStrategy.parse(setting(manifest, "curvature")) : curvature,
                modules == null ? setting(manifest, "modules") : modules);
    }

    private static void require(Path folder, Manifest manifest, Checkpoint checkpoint) throws IOException {
        if (!manifest.kind().equals(FitRun.KIND)) {
            throw new RunRefusedException(
                    folder + ": expected factors, found " + manifest.kind() + "; give the folder of 'wellspring fit'");
        }
        if (!manifest.complete()) {
            throw new RunRefusedException(folder
                    + ": expected finished factors, found an unfinished fit; give its command again to finish it");
        }
        if (!checkpoint.digest().equals(manifest.inputs().get("model"))) {
            throw new RunRefusedException(folder
                    + ": expected factors of the model given, found those of another checkpoint; fit this one, or give"
                    + " the other --model");
        }
    }

    private static String setting(Manifest manifest, String name) {
        return manifest.settings().getOrDefault(name, "");
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".safetensors"))
                    .sorted()
                    .toList();
        }
    }
}
