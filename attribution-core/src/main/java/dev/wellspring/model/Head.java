package dev.wellspring.model;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// The end of a decoder: the last norm, the language-model head, and the loss of its logits.
final class Head {
    private final LinearAlgebra algebra;
    private final DecoderConfig config;
    private final WeightLayout weights;
    private final DecoderMemory memory;

    Head(LinearAlgebra algebra, DecoderConfig config, WeightLayout weights, DecoderMemory memory) {
        this.algebra = algebra;
        this.config = config;
        this.weights = weights;
        this.memory = memory;
    }

    /// Losses of all rows, a chunk of rows at a time, so that no [rows, vocabulary] matrix of the whole batch is
    /// needed;
    /// and back to the gradient of what left the last block, in the memory's `streamGradient`.
    ///
    /// @param sampled whether labels are drawn from the predictions
    /// @param tracking what a backward pass is made for; null for none
    /// @param likeliest (rows) takes the token that the model finds likeliest in each row; null when nobody asks
    void losses(BatchRows rows, boolean sampled, @Nullable Tracking tracking, int @Nullable [] likeliest) {
        norm(rows);
        int chunk = memory.logits.length(0);
        for (int from = 0; from < rows.count(); from += chunk) {
            int to = Math.min(from + chunk, rows.count());
            Tensor logits = memory.logits.rows(to - from);
            Tensor labels = memory.labels.rows(from, to);
            logits(from, to, logits);
            if (likeliest != null) {
                likeliest(logits, from, likeliest);
            }
            if (sampled) {
                algebra.sampleLabels(logits, config.logitSoftCap(), memory.uniforms.rows(from, to), labels);
            }
            algebra.crossEntropy(
                    logits,
                    labels,
                    memory.lossWeights.rows(from, to),
                    config.logitSoftCap(),
                    memory.losses.rows(from, to));
            if (tracking != null) {
                backward(from, to, logits, tracking);
            }
        }
        if (tracking != null) {
            normBackward(rows, tracking);
        }
    }

    /// The last norm, into the memory's `normed`.
    void norm(BatchRows rows) {
        BlockWeights.Norm norm = weights.finalNorm;
        algebra.normForward(
                config.norm().kind(),
                config.norm().epsilon(),
                memory.output.rows(rows.count()),
                norm.weight(),
                norm.bias(),
                memory.normed.rows(rows.count()).columns(0, config.hidden()),
                memory.outputStatistics.rows(rows.count()));
    }

    /// Logits of normed rows, before the soft cap.
    void logits(int from, int to, Tensor logits) {
        algebra.gemm(config.logitScale(), normed(from, to), weights.head.transposed(), 0, logits);
    }

    /// The token with the largest logit in each row, the first of equals.
    private void likeliest(Tensor logits, int from, int[] tokens) {
        float[] values = new float[config.vocabulary()];
        for (int row = 0; row < logits.size(0); row++) {
            algebra.download(logits.rows(row, row + 1), MemorySegment.ofArray(values), DType.FLOAT32);
            tokens[from + row] = largest(values);
        }
    }

    private static int largest(float[] values) {
        int largest = 0;
        for (int i = 1; i < values.length; i++) {
            if (values[i] > values[largest]) {
                largest = i;
            }
        }
        return largest;
    }

    private Tensor normed(int from, int to) {
        return memory.normed.rows(from, to).columns(0, config.hidden());
    }

    private void backward(int from, int to, Tensor lossGradients, Tracking tracking) {
        Tensor gradients = memory.logitGradients.rows(to - from);
        if (memory.logitGradients != memory.logits) {
            algebra.copy(lossGradients, gradients);
        }
        tracking.offerHead(weights.head, config.logitScale(), normed(from, to), gradients);
        algebra.gemm(config.logitScale(), gradients, weights.head, 0, memory.normedGradient.rows(from, to));
    }

    private void normBackward(BatchRows rows, Tracking tracking) {
        Tensor dy = memory.normedGradient.rows(rows.count());
        Tensor x = memory.output.rows(rows.count());
        Tensor statistics = memory.outputStatistics.rows(rows.count());
        tracking.offer(weights.finalNorm, dy, x, statistics);
        algebra.normBackward(
                config.norm().kind(),
                dy,
                x,
                weights.finalNorm.weight(),
                statistics,
                0,
                memory.streamGradient.rows(rows.count()));
    }
}
