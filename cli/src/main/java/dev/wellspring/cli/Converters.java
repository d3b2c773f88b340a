package dev.wellspring.cli;

import dev.wellspring.curvature.Damping;
import dev.wellspring.gradient.Compression;
import dev.wellspring.run.score.RankChoice;
import java.util.function.Function;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// From words of the command line to what core calls them; core's messages say what was expected.
final class Converters {
    private Converters() {}

    /// `--damping`.
    static final class DampingValue implements ITypeConverter<Damping> {
        @Override
        public Damping convert(String text) {
            return converted(text, Damping::parse);
        }
    }

    /// `--rank`.
    static final class Rank implements ITypeConverter<RankChoice> {
        @Override
        public RankChoice convert(String text) {
            return converted(text, RankChoice::parse);
        }
    }

    /// `--compression`.
    static final class CompressionValue implements ITypeConverter<Compression> {
        @Override
        public Compression convert(String text) {
            return converted(text, Compression::parse);
        }
    }

    /// `--memory`, `--shard-size`.
    static final class Size implements ITypeConverter<MemorySize> {
        @Override
        public MemorySize convert(String text) {
            return converted(text, MemorySize::parse);
        }
    }

    /// `--operations`, `--bandwidth`.
    static final class RateValue implements ITypeConverter<Rate> {
        @Override
        public Rate convert(String text) {
            return converted(text, Rate::parse);
        }
    }

    private static <T> T converted(String text, Function<String, T> parse) {
        try {
            return parse.apply(text);
        } catch (IllegalArgumentException refused) {
            throw new TypeConversionException(refused.getMessage());
        }
    }
}
