package dev.wellspring.model;

import dev.wellspring.model.DecoderConfig.QueryKeyNorm;
import dev.wellspring.model.DecoderConfig.RotaryPositions;
import dev.wellspring.model.LinearModule.Part;
import dev.wellspring.tensor.DType;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/// How many bytes the passes through a decoder move between memory and processor, counted from its shapes: every
/// operation of [Block] and [Head] reads its operands from memory and writes its result there, and nothing stays
/// in a cache from one operation to the next. Weights of a map are read once a batch; those of the head once for
/// each chunk of rows whose logits are in memory together.
///
/// With b bytes a number of the model and 4 of a logit or an attention score (8 in FLOAT64), for one row, of width
/// h, with queries of width q, keys of width k, inner width i (w with the gate), H heads and documents of T rows:
///
/// ```
/// forward, a layer:   copies 4h (2h side by side), norms 2h each, maps (inputs + outputs) each, and 2h where they
///                     add to the stream, rotations 2(q + k), attention 4q, activation w + i      times b
///                     scores written, softmax in place, read: 4·H·T                              times 4
/// backward, a layer:  maps (outputs + inputs) each, and inputs again for all but the first that share them,
///                     norms 4h each, activation 2w + i, rotations 2(q + k), attention 12q        times b
///                     again for tracked maps: their norm 2h, their activation w + i              times b
///                     probabilities again and their gradients: 10·H·T                            times 4
/// the end, forward:   norm and map 3h·b; logits written, read, and their gradients written: 3·V·4;
///                     sampled labels read the logits once more: V·4
/// the end, backward:  gradients rounded, V·(4 + b), unless logits are of the model's type; read V·b; map and
/// norm 4h·b ```
///
/// Attention is counted as if scores of all pairs were written and read; a kernel that keeps the scores of a
/// document on the chip saves the terms with H·T. Soft caps, embeddings, padding and the norms' statistics are left
/// out, and so are [HeadGradients] on their way.
///
/// @param weightsForward of one batch
/// @param weightsBackward of one batch
/// @param forward of one row
/// @param backward of one row
public record DecoderTraffic(long weightsForward, long weightsBackward, long forward, long backward) {
    /// @param type of the model
    /// @param documentRows how many rows a document has
    /// @param batchRows how many rows go through the decoder together
    /// @param tracked the modules whose gradients are wanted
    /// @param sampled whether labels are drawn from the predictions
    /// @param logitBytes what the logits of a chunk of rows may take
    /// @param withHead whether logits are computed
    public static DecoderTraffic of(
            DecoderConfig config,
            DType type,
            int documentRows,
            int batchRows,
            Collection<LinearModule> tracked,
            boolean sampled,
            long logitBytes,
            boolean withHead) {
        var count = new Count(config, type, documentRows, Set.copyOf(tracked), BackwardReach.of(config, tracked));
        DecoderTraffic blocks = count.blocks();
        return withHead ? blocks.plus(count.end(batchRows, sampled, logitBytes)) : blocks;
    }

    private DecoderTraffic plus(DecoderTraffic other) {
        return new DecoderTraffic(
                weightsForward + other.weightsForward,
                weightsBackward + other.weightsBackward,
                forward + other.forward,
                backward + other.backward);
    }

    private record Count(
            DecoderConfig config, DType type, int documentRows, Set<LinearModule> tracked, BackwardReach reach) {
        DecoderTraffic blocks() {
            List<LinearModule> modules = config.modules();
            List<LinearModule> back = modules.stream()
                    .filter(module -> reach.passes(module, config))
                    .toList();
            return new DecoderTraffic(
                    parameters(modules) * bytes(),
                    parameters(back) * bytes(),
                    config.layers() * (layerForward() * bytes() + scores(4)) + rows(modules) * bytes(),
                    (rows(back) + sharedInputs(back) + halvesBackward(back)) * bytes()
                            + reach.attentions(config) * (attentionBackward() * bytes() + scores(10)));
        }

        /// The last norm, the language-model head and the losses.
        DecoderTraffic end(int batchRows, boolean sampled, long logitBytes) {
            long chunk = DecoderMemory.logitRows(config, type, batchRows, logitBytes);
            long head = Math.ceilDiv(batchRows, chunk) * config.hidden() * config.vocabulary() * bytes();
            return new DecoderTraffic(head, head, endForward(sampled), endBackward());
        }

        private long bytes() {
            return type.byteSize();
        }

        private long precise() {
            return DecoderMemory.precise(type).byteSize();
        }

        /// Without what maps read and write.
        private long layerForward() {
            long hidden = config.hidden();
            long copies = (config.parallel() ? 2L : 4L) * hidden;
            long sums = 2 * hidden;
            long heads = (hasHeadNorms() ? 2L : 0) + (isRotary() ? 2L : 0);
            return copies
                    + sums
                    + (normsBefore(Part.ATTENTION) + normsBefore(Part.MLP)) * 2 * hidden
                    + (normsAfter(Part.ATTENTION) + normsAfter(Part.MLP)) * 4 * hidden
                    + heads * headWidth()
                    + 4L * config.attention().queryWidth()
                    + config.mlp().width()
                    + config.mlp().inner();
        }

        /// Norms, activations and copies of all layers.
        private long halvesBackward(List<LinearModule> back) {
            long hidden = config.hidden();
            long inner = config.mlp().inner();
            long width = config.mlp().width();
            long elements = config.parallel() ? 2 * hidden * (config.layers() - (long) reach.lowest()) : 0;
            for (Part part : Part.values()) {
                Predicate<LinearModule> entrance = module -> module.part() == part && !isExit(module);
                elements += normsBefore(part) * hidden * (4 * layers(back, entrance) + 2 * layers(tracked, entrance));
                elements += normsAfter(part) * 3 * hidden * exits(part);
            }
            Predicate<LinearModule> mlpExit = module -> module.part() == Part.MLP && isExit(module);
            return elements + (2 * width + inner) * layers(back, mlpExit) + (width + inner) * layers(tracked, mlpExit);
        }

        private long attentionBackward() {
            long heads = (hasHeadNorms() ? 5L : 0) + (isRotary() ? 2L : 0) + (hasHeadNorms() && isRotary() ? 2L : 0);
            return heads * headWidth() + 12L * config.attention().queryWidth();
        }

        private long headWidth() {
            return (long) config.attention().queryWidth() + config.attention().keyWidth();
        }

        private boolean hasHeadNorms() {
            return config.attention().queryKeyNorm() != QueryKeyNorm.NONE;
        }

        private boolean isRotary() {
            return config.positions() instanceof RotaryPositions;
        }

        /// Attention scores that pass through memory `times` times.
        private long scores(int times) {
            return (long) times * config.attention().heads() * documentRows * precise();
        }

        private long endForward(boolean sampled) {
            return (sampled ? 4L : 3L) * config.vocabulary() * precise() + 3L * config.hidden() * bytes();
        }

        private long endBackward() {
            long rounded = type == DecoderMemory.precise(type) ? 0 : precise() + bytes();
            return config.vocabulary() * (rounded + bytes()) + 4L * config.hidden() * bytes();
        }

        /// Whether maps read the result of a norm, 1 or 0; one that both halves share is computed for each.
        private long normsBefore(Part part) {
            TensorNames.Norms norms = config.names().norms();
            boolean shared = config.parallel() && norms.beforeMlp() == null;
            String name = part == Part.ATTENTION || shared ? norms.beforeAttention() : norms.beforeMlp();
            return name == null ? 0 : 1;
        }

        private long normsAfter(Part part) {
            TensorNames.Norms norms = config.names().norms();
            return (part == Part.ATTENTION ? norms.afterAttention() : norms.afterMlp()) == null ? 0 : 1;
        }

        /// Through how many layers' ends of a half the pass goes.
        private long exits(Part part) {
            long above = Math.max(0, config.layers() - reach.lowest() - 1L);
            boolean lowest = reach.lowest() < config.layers() && (part == Part.MLP || reach.attention());
            return above + (lowest ? 1 : 0);
        }

        private boolean isExit(LinearModule module) {
            return BackwardReach.isExit(config, module);
        }

        private static long layers(Collection<LinearModule> modules, Predicate<LinearModule> counts) {
            return modules.stream()
                    .filter(counts)
                    .mapToInt(LinearModule::layer)
                    .distinct()
                    .count();
        }

        private static long parameters(List<LinearModule> modules) {
            return modules.stream()
                    .mapToLong(module -> (long) module.outputs() * module.inputs())
                    .sum();
        }

        private static long rows(List<LinearModule> modules) {
            return modules.stream()
                    .mapToLong(module -> module.inputs() + (long) module.outputs())
                    .sum();
        }

        /// What is read again where several maps of a half add to the gradient of one input, or one adds to the
        /// stream's.
        private long sharedInputs(List<LinearModule> modules) {
            Set<String> groups = new HashSet<>();
            return modules.stream()
                    .filter(module -> !isExit(module))
                    .filter(module ->
                            !groups.add(module.part() + module.inputGroup()) || normsBefore(module.part()) == 0)
                    .mapToLong(LinearModule::inputs)
                    .sum();
        }
    }
}
