namespace HarvestTools.Workflows;

/// <summary>The MLflow run that a model is linked to. Which MLflow is meant, and what signs in there, is in the environment alone.</summary>
/// <param name="RunId">The run; null for the one of MLFLOW_RUN_ID, else the one that was made for this model before, else a new one.</param>
/// <param name="Artifact">Path of an artifact of the run, whose file is hashed; null for none.</param>
public sealed record MlflowRequest(string? RunId = null, string? Artifact = null);
