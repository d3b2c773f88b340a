package dev.wellspring.linalg.cuda;

import dev.wellspring.linalg.Activation;
import dev.wellspring.linalg.AttentionShape;
import dev.wellspring.linalg.NormKind;
import dev.wellspring.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// The layers of a decoder that are not products; operands are checked already.
final class DeviceLayers {
    /// Columns of what a block sums down at a time.
    private static final int TILE = 32;

    private final DeviceKernels kernels;
    private final IndexCheck check;

    DeviceLayers(DeviceKernels kernels, IndexCheck check) {
        this.kernels = kernels;
        this.check = check;
    }

    // ---- norms ----

    void normForward(
            NormKind kind,
            double epsilon,
            Tensor x,
            @Nullable Tensor weight,
            @Nullable Tensor bias,
            Tensor y,
            Tensor statistics) {
        if (statistics.elementCount() > 0) {
            kernels.overRows(
                    "normForward",
                    DeviceKernels.wide(x, weight, bias, y, statistics),
                    statistics.elementCount() / 2,
                    kernels.arguments()
                            .integer(code(kind))
                            .number(epsilon)
                            .view(x)
                            .view(weight)
                            .view(bias)
                            .view(y)
                            .view(statistics));
        }
    }

    void normBackward(
            NormKind kind, Tensor dy, Tensor x, @Nullable Tensor weight, Tensor statistics, double beta, Tensor dx) {
        if (dx.elementCount() > 0) {
            kernels.overRows(
                    "normBackward",
                    DeviceKernels.wide(dy, x, weight, statistics, dx),
                    statistics.elementCount() / 2,
                    kernels.arguments()
                            .integer(code(kind))
                            .view(dy)
                            .view(x)
                            .view(weight)
                            .view(statistics)
                            .number(beta)
                            .view(dx));
        }
    }

    void normWeightBackward(Tensor dy, Tensor x, Tensor statistics, Tensor dweight, @Nullable Tensor dbias) {
        if (x.elementCount() > 0) {
            kernels.overRows(
                    "normWeightBackward",
                    DeviceKernels.wide(dy, x, statistics, dweight, dbias),
                    Math.ceilDiv(dweight.elementCount(), TILE),
                    kernels.arguments()
                            .view(dy)
                            .view(x)
                            .view(statistics)
                            .view(dweight)
                            .view(dbias));
        }
    }

    // ---- activations ----

    void activationForward(Activation f, Tensor x, Tensor y) {
        activation("activationForward", f, x, y);
    }

    void activationBackward(Activation f, Tensor x, Tensor dy, Tensor dx) {
        activation("activationBackward", f, x, dy, dx);
    }

    void gatedForward(Activation f, Tensor gate, Tensor up, Tensor y) {
        activation("gatedForward", f, gate, up, y);
    }

    void gatedBackward(Activation f, Tensor gate, Tensor up, Tensor dy, Tensor dgate, Tensor dup) {
        activation("gatedBackward", f, gate, up, dy, dgate, dup);
    }

    private void activation(String kernel, Activation f, Tensor... operands) {
        long count = operands[0].elementCount();
        if (count > 0) {
            KernelArguments arguments = kernels.arguments().integer(code(f));
            for (Tensor operand : DeviceKernels.flat(operands)) {
                arguments.view(operand);
            }
            kernels.overElements(kernel, DeviceKernels.wide(operands), count, arguments);
        }
    }

    /// Positions are trusted: they come with every layer, and waiting for an answer each time would cost more
    /// than the rotation.
    void rotary(Tensor x, Tensor cosines, Tensor sines, Tensor positions, boolean interleaved, boolean inverse) {
        long pairs = x.size(0) * x.size(1) * cosines.size(1);
        if (pairs > 0) {
            kernels.overElements(
                    "rotary",
                    DeviceKernels.wide(x, cosines, sines),
                    pairs,
                    kernels.arguments()
                            .view(x)
                            .view(cosines)
                            .view(sines)
                            .view(positions)
                            .integer(interleaved ? 1 : 0)
                            .integer(inverse ? 1 : 0));
        }
    }

    // ---- softmax ----

    /// @param probabilities of any type; may be the scores
    void causalSoftmax(Tensor scores, AttentionShape shape, Tensor probabilities) {
        if (scores.elementCount() > 0) {
            kernels.overRows(
                    "causalSoftmax",
                    DeviceKernels.wide(scores, probabilities),
                    scores.size(0) * scores.size(1),
                    kernels.arguments()
                            .view(scores)
                            .whole(shape.window())
                            .number(shape.softCap())
                            .view(probabilities));
        }
    }

    /// @param gradients of the probabilities
    /// @param scoreGradients of any type; may be `gradients`
    void causalSoftmaxBackward(
            Tensor probabilities,
            @Nullable Tensor scores,
            AttentionShape shape,
            Tensor gradients,
            Tensor scoreGradients) {
        if (gradients.elementCount() > 0) {
            kernels.overRows(
                    "causalSoftmaxBackward",
                    DeviceKernels.wide(probabilities, scores, gradients, scoreGradients),
                    gradients.size(0) * gradients.size(1),
                    kernels.arguments()
                            .view(probabilities)
                            .view(scores)
                            .whole(shape.window())
                            .number(shape.softCap())
                            .view(gradients)
                            .view(scoreGradients));
        }
    }

    // ---- losses ----

    void crossEntropy(Tensor logits, Tensor labels, Tensor weights, double softCap, Tensor losses) {
        if (losses.elementCount() > 0) {
            check.later("labels", labels, weights, logits.size(1));
            kernels.overRows(
                    "crossEntropy",
                    DeviceKernels.wide(logits),
                    losses.elementCount(),
                    kernels.arguments()
                            .view(logits)
                            .view(labels)
                            .view(weights)
                            .number(softCap)
                            .view(losses));
        }
    }

    void sampleLabels(Tensor logits, double softCap, Tensor uniforms, Tensor labels) {
        if (labels.elementCount() > 0) {
            kernels.overRows(
                    "sampleLabels",
                    DeviceKernels.wide(logits),
                    labels.elementCount(),
                    kernels.arguments()
                            .view(logits)
                            .number(softCap)
                            .view(uniforms)
                            .view(labels));
        }
    }

    // ---- what kernels know choices by ----

    private static int code(NormKind kind) {
        return switch (kind) {
            case LAYER_NORM -> 0;
            case RMS_NORM -> 1;
        };
    }

    private static int code(Activation f) {
        return switch (f) {
            case SILU -> 0;
            case GELU -> 1;
            case GELU_TANH -> 2;
            case RELU -> 3;
        };
    }
}
