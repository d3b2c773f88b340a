/// Gradients of documents as they are kept: rotated into the eigenbasis, scaled, compressed; and queries in the same
/// coordinates, so that a score is a dot product and needs no model.
///
/// Letters, per module W (out, in), document d and query q, beside those of [dev.wellspring.curvature] and
/// [dev.wellspring.influence]:
///
/// - `E_A` (in, e_A), `E_S` (out, e_S): the eigenvectors that are kept of the input covariance A and of the output
///   gradient covariance S, all of them or the leading ones; `λ_A`, `λ_S` their eigenvalues, `Λ` (e_S, e_A)
/// - `h_A = (λ_A + δ_A)^−½`, `h_S = (λ_S + δ_S)^−½`, with `δ = √0.1 · mean(λ)`: whitening, so that what is rounded or
///   projected away costs every direction alike (the factored damping of Martens and Grosse, 2015, section 6.3)
/// - `R_A` (k_A, e_A), `R_S` (k_S, e_S): random projections with E[RᵀR] = I, or the identity
/// - `B_A = E_A diag(h_A) R_Aᵀ` (in, k_A), `B_S = E_S diag(h_S) R_Sᵀ` (out, k_S)
///
/// Kept of a document is `C_d = B_Sᵀ G_d B_A` (k_S, k_A). A query becomes, once damping λ and strategy are chosen,
///
/// `W_q = R_S [ (E_Sᵀ G_q E_A) / (Λ + λ) / (h_S h_Aᵀ) ] R_Aᵀ`
///
/// and `score(q, d) = Σ_modules ⟨W_q, C_d⟩`. With all eigenvectors and no projection that is exactly ⟨P_q, G_d⟩; with
/// the leading eigenvectors it leaves out the others' share; with projections its expectation is exact whatever λ
/// and strategy, and its variance is smallest near the damping that h was made with.
@NullMarked
package dev.wellspring.gradient;

import org.jspecify.annotations.NullMarked;
