/// Influence scores: ⟨P_q, G_d⟩, summed over the tracked modules.
///
/// Letters, per module W (out, in), query q and document d:
///
/// - `a` input of the map (rows, in), `g` = ∂(Σ losses)/∂(its output) (rows, out), of the rows of a packed
///   batch
/// - `R` rows of the batch, `T` rows of one document, `D` documents, `Q` queries, `r` rank
/// - `G_q`, `G_d = Σ_t g_t a_tᵀ` (out, in), summed over the rows of a query's completion or of a document
/// - `P_q = Q_S((Q_Sᵀ G_q Q_A)/(Λ+λ))Q_Aᵀ`, the preconditioned query gradient of [dev.wellspring.curvature]
/// - `P_q ≈ U Vᵀ`, with U (out, r) and V (in, r), the truncated SVD
///
/// Sums over rows are sums, not means, and losses are in nats. So `score(q, d) = Σ_modules ⟨P_q, G_d⟩` is in
/// nats per unit weight of the document, and positive when training more on d makes the completion of q
/// likelier: the influence −∇L_q H⁻¹ ∇L_d on the loss of Grosse et al. (2023, arXiv 2308.03296, equation 5),
/// with the sign turned and without 1/N. A token's share is `g_tᵀ P_q a_t`; shares add up to the score.
/// Compression straight after preconditioning follows their section 3.2.2; ranking pretraining documents by
/// such scores follows Ruis et al. (2024, arXiv 2411.12580).
@NullMarked
package dev.wellspring.influence;

import org.jspecify.annotations.NullMarked;
