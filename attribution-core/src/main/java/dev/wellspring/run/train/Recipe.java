package dev.wellspring.run.train;

import dev.wellspring.run.Manifest;
import dev.wellspring.run.MemoryBudget;
import dev.wellspring.run.RunRefusedException;
import dev.wellspring.tensor.DType;
import dev.wellspring.train.Initialisation;
import dev.wellspring.train.LearningRate;
import dev.wellspring.train.Optimizer;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/// How a model was trained, read back from the manifest that its training left, so that it can be trained again.
public final class Recipe {
    private Recipe() {}

    /// The settings of the training that a folder holds, without its intermediate checkpoints.
    ///
    /// @throws RunRefusedException when the folder does not hold a finished training
    public static TrainSettings of(Path folder, MemoryBudget memory) {
        Manifest manifest = Manifest.read(folder);
        if (!manifest.kind().equals(TrainRun.KIND) || !manifest.complete()) {
            throw new RunRefusedException(folder + ": expected a finished training, found "
                    + (manifest.complete() ? manifest.kind() : "an unfinished run")
                    + "; give the folder that 'wellspring train' wrote");
        }
        Map<String, String> chosen = manifest.settings();
        TrainSettings.Length length = chosen.containsKey("steps")
                ? new TrainSettings.Length.Steps(Long.parseLong(text(chosen, "steps")))
                : new TrainSettings.Length.Epochs(number(chosen, "epochs"));
        return new TrainSettings(
                Optimizer.parse(text(chosen, "optimizer")),
                number(chosen, "rate"),
                LearningRate.Shape.valueOf(upper(chosen, "schedule")),
                number(chosen, "warm-up"),
                length,
                Integer.parseInt(text(chosen, "batch")),
                number(chosen, "clip"),
                LossSpan.valueOf(upper(chosen, "loss")),
                Integer.parseInt(text(chosen, "max-tokens")),
                Integer.parseInt(text(chosen, "pieces")),
                Long.parseLong(text(chosen, "seed")),
                DType.valueOf(upper(chosen, "dtype")),
                memory,
                new TreeSet<>());
    }

    /// How new weights were drawn, where the training began with some.
    public static Initialisation initialisation(Path folder) {
        return Initialisation.parse(text(Manifest.read(folder).settings(), "initialisation"));
    }

    private static double number(Map<String, String> settings, String name) {
        return Double.parseDouble(text(settings, name));
    }

    private static String upper(Map<String, String> settings, String name) {
        return text(settings, name).toUpperCase(Locale.ROOT);
    }

    private static String text(Map<String, String> settings, String name) {
        String value = settings.get(name);
        if (value == null) {
            throw new RunRefusedException("manifest.json: expected the setting " + name
                    + ", found none; was it written by" + " another version?");
        }
        return value;
    }
}
