package dev.wellspring.model;

import dev.wellspring.model.checkpoint.ConfigFile;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/// The angles of rotary positions, from either spelling of their settings: `rope_parameters`, or `rope_theta`
/// beside `rope_scaling`. Computed in double precision throughout.
final class RotaryFrequencies {
    private static final double DEFAULT_BASE = 10_000;

    private RotaryFrequencies() {}

    /// Radians per position of each pair.
    ///
    /// @param headSize the width of a head
    /// @param defaultShare the share of a head that is rotated where the file does not say
    static List<Double> read(ConfigFile config, int headSize, double defaultShare) {
        String field = config.has("rope_parameters") ? "rope_parameters" : "rope_scaling";
        boolean any = config.has(field);
        ConfigFile scaling = any ? config.object(field) : config;
        for (String layers : List.of("full_attention", "sliding_attention")) {
            if (scaling.has(layers)) {
                throw scaling.wrong(layers, "one setting for all layers", "one for each type, which is not supported");
            }
        }
        double base = any && scaling.has("rope_theta") ? scaling.number("rope_theta") : base(config);
        double share = any && scaling.has("partial_rotary_factor")
                ? scaling.number("partial_rotary_factor")
                : share(config, defaultShare);
        int size = (int) (headSize * share);
        if (size < 2 || size > headSize || size % 2 != 0) {
            throw config.wrong(
                    "partial_rotary_factor", "an even part of the head size " + headSize, Integer.toString(size));
        }
        DoubleUnaryOperator scale = any ? scaling(scaling) : DoubleUnaryOperator.identity();
        return IntStream.range(0, size / 2)
                .mapToDouble(j -> scale.applyAsDouble(1 / Math.pow(base, 2.0 * j / size)))
                .boxed()
                .toList();
    }

    private static double base(ConfigFile config) {
        return config.number("rope_theta", config.number("rotary_emb_base", DEFAULT_BASE));
    }

    private static double share(ConfigFile config, double otherwise) {
        return config.number("partial_rotary_factor", config.number("rotary_pct", otherwise));
    }

    private static DoubleUnaryOperator scaling(ConfigFile scaling) {
        String field = scaling.has("rope_type") ? "rope_type" : "type";
        String type = scaling.text(field, "default");
        return switch (type) {
            case "default" -> DoubleUnaryOperator.identity();
            case "linear" -> {
                double factor = scaling.number("factor");
                yield frequency -> frequency / factor;
            }
            case "llama3" -> llama3(scaling);
            default ->
                throw scaling.wrong(
                        field, "one of default, linear, llama3", "\"" + type + "\", which is not supported");
        };
    }

    /// Llama 3.1's: long waves are stretched by the factor, short ones kept, and those between blended.
    private static DoubleUnaryOperator llama3(ConfigFile scaling) {
        double factor = scaling.number("factor");
        double low = scaling.number("low_freq_factor");
        double high = scaling.number("high_freq_factor");
        double original = scaling.number("original_max_position_embeddings");
        return frequency -> {
            double turns = original * frequency / (2 * Math.PI);
            double kept = Math.clamp((turns - low) / (high - low), 0, 1);
            return (1 - kept) * frequency / factor + kept * frequency;
        };
    }
}
