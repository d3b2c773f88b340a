package dev.wellspring.model;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a half of a block begins: the stream is normalised (unless the family has no norm here), and one or
/// several linear maps read the result. Their outputs lie side by side.
///
/// @param norm null where there is none
/// @param statistics the norm's, (R, 2)
/// @param normed shared memory for the norm's output, (R, hidden [+ 1])
record Entrance(
        LinearAlgebra algebra,
        DecoderConfig config,
        List<Linear> linears,
        BlockWeights.@Nullable Norm norm,
        Tensor statistics,
        Tensor normed) {

    /// outputs = W·norm(stream).
    ///
    /// @param stream (R, hidden [+ 1])
    /// @param outputs (R, sum of the maps' outputs)
    void forward(Tensor stream, Tensor outputs) {
        Tensor input = input(stream);
        List<Tensor> parts = parts(outputs);
        for (int i = 0; i < linears.size(); i++) {
            linears.get(i).forward(algebra, input, 0, parts.get(i));
        }
    }

    /// Offers the maps' gradients, and adds to the stream's gradient what flows back through maps and norm.
    ///
    /// @param gradients ∂loss/∂outputs, (R, sum of the maps' outputs)
    /// @param normedGradient memory for ∂loss/∂norm(stream), (R, hidden)
    /// @param streamGradient (R, hidden), added to; null when nothing below is tracked
    void backward(
            Tensor stream,
            Tensor gradients,
            Tensor normedGradient,
            @Nullable Tensor streamGradient,
            Tracking tracking) {
        List<Tensor> parts = parts(gradients);
        if (tracking.any(linears)) {
            Tensor input = input(stream);
            for (int i = 0; i < linears.size(); i++) {
                tracking.offer(linears.get(i), input, parts.get(i));
            }
        }
        if (streamGradient == null) {
            return;
        }
        Tensor inputGradient = norm == null ? streamGradient : normedGradient;
        for (int i = 0; i < linears.size(); i++) {
            boolean add = i > 0 || norm == null;
            linears.get(i).backward(algebra, parts.get(i), add ? 1 : 0, inputGradient);
        }
        if (norm != null) {
            tracking.offer(norm, normedGradient, numbers(stream), statistics.rows(stream.size(0)));
            algebra.normBackward(
                    config.norm().kind(),
                    normedGradient,
                    numbers(stream),
                    norm.weight(),
                    statistics.rows(stream.size(0)),
                    1,
                    streamGradient);
        }
    }

    private Tensor input(Tensor stream) {
        if (norm == null) {
            return stream;
        }
        Tensor input = normed.rows(stream.size(0));
        algebra.normForward(
                config.norm().kind(),
                config.norm().epsilon(),
                numbers(stream),
                norm.weight(),
                norm.bias(),
                numbers(input),
                statistics.rows(stream.size(0)));
        return input;
    }

    /// Without the appended 1.
    private Tensor numbers(Tensor rows) {
        return rows.columns(0, config.hidden());
    }

    private List<Tensor> parts(Tensor rows) {
        List<Tensor> parts = new ArrayList<>();
        long from = 0;
        for (Linear linear : linears) {
            long to = from + linear.module().outputs();
            parts.add(rows.columns(from, to));
            from = to;
        }
        return parts;
    }
}
