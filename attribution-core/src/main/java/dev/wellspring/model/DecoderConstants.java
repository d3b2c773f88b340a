package dev.wellspring.model;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.model.DecoderConfig.LearnedPositions;
import dev.wellspring.model.DecoderConfig.RotaryPositions;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/// What a decoder's memory holds from batch to batch: the ones appended to inputs, and the rotary angles.
record DecoderConstants(LinearAlgebra algebra, DecoderConfig config) {
    void fill(DecoderMemory memory) {
        appendOne(memory.normed, config.hidden());
        appendOne(memory.inner, config.mlp().inner());
        for (DecoderMemory.Layer layer : memory.layers) {
            appendOne(layer.stream(), config.hidden());
            appendOne(layer.context(), config.attention().queryWidth());
            if (layer.middle() != null) {
                appendOne(layer.middle(), config.hidden());
            }
        }
        switch (config.positions()) {
            case LearnedPositions _ -> {}
            case RotaryPositions rotary -> {
                fill(memory.cosines, rotary.frequencies(), Math::cos);
                fill(memory.sines, rotary.frequencies(), Math::sin);
            }
        }
    }

    private void appendOne(Tensor input, int width) {
        if (input.size(1) > width) {
            algebra.fill(input.columns(width, width + 1L), 1);
        }
    }

    /// In double precision up to here: angles of late positions are large, and their cosines sensitive.
    private void fill(@Nullable Tensor table, List<Double> frequencies, DoubleUnaryOperator function) {
        if (table == null) {
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment values = arena.allocate(ValueLayout.JAVA_DOUBLE, table.elementCount());
            long i = 0;
            for (long position = 0; position < table.size(0); position++) {
                for (double frequency : frequencies) {
                    values.setAtIndex(ValueLayout.JAVA_DOUBLE, i++, function.applyAsDouble(position * frequency));
                }
            }
            algebra.upload(values, DType.FLOAT64, table);
        }
    }
}
