/// The curvature of the model's loss, one Kronecker-factored block per tracked linear map.
///
/// Letters, per module W (out, in), sequence i and row t:
///
/// - `a` input of the map, with a 1 appended last when it has a bias; `g` = ∂(Σ losses)/∂(its output)
/// - `G_i = Σ_t g_t a_tᵀ` (out, in), the gradient of sequence i
/// - `A = Σ a aᵀ / rows` (in, in), `S = Σ g gᵀ / rows` (out, out), over the rows of all fitting documents
/// - `A = Q_A diag(λ_A) Q_Aᵀ`, `S = Q_S diag(λ_S) Q_Sᵀ`, eigenvalues rising
/// - `Λ = mean over sequences of (Q_Sᵀ G_i Q_A)²` (out, in), element by element, squares after the sum over rows
/// - `λ` damping, by default 0.1·mean(Λ) of the module
/// - `P = Q_S((Q_Sᵀ G Q_A)/(Λ+λ))Q_Aᵀ`, the preconditioned gradient
///
/// K-FAC replaces Λ by the outer product of λ_S and λ_A (Martens and Grosse, 2015, arXiv 1503.05671); EK-FAC measures
/// Λ in the Kronecker-factored eigenbasis (George et al., 2018, arXiv 1806.03884); Grosse et al. (2023, arXiv
/// 2308.03296, section 2.2 and appendix A) use it for influence functions of language models, and Ruis et al. (2024,
/// arXiv 2411.12580) ask with it which documents teach a model to reason. The diagonal strategy is Λ with
/// Q_A = Q_S = I, and identity leaves gradients as they are.
@NullMarked
package dev.wellspring.curvature;

import org.jspecify.annotations.NullMarked;
