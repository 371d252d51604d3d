using System.Globalization;
using HarvestTools.Strings;

namespace HarvestTools.Mlflow;

/// <summary>The errors of MLflow; each factory's name is the error's id. None has a token, a password or a name to sign in with in it.</summary>
internal static class MlflowErrors
{
    private const string Credentials = "Set MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, in this shell to what the server knows, and look whether that user may change the experiment.";

    public static HarvestException MlflowPlaceMissing() => new(
        nameof(MlflowPlaceMissing), HarvestFault.Usage,
        "MLFLOW_TRACKING_URI is not set, so that it is not known which MLflow is meant.",
        "Set MLFLOW_TRACKING_URI in this shell to the server's address, such as https://mlflow.example.org, or to a folder, such as file:mlruns.");

    public static HarvestException MlflowPlaceUnsupported(string scheme) => new(
        nameof(MlflowPlaceUnsupported), HarvestFault.Usage,
        $"MLFLOW_TRACKING_URI begins with {scheme}:, which is not read here: MLflow is asked through its server, or in the folders of a file: store.",
        "Start a server over that store with 'mlflow server', and set MLFLOW_TRACKING_URI to its address.", scheme);

    public static HarvestException MlflowPlaceInvalid() => new(
        nameof(MlflowPlaceInvalid), HarvestFault.Usage,
        "MLFLOW_TRACKING_URI, or what signs in there, is no address or text that can be used.",
        "Write MLFLOW_TRACKING_URI as https://mlflow.example.org or file:mlruns, and credentials without line breaks in the variables for them.");

    public static HarvestException MlflowOffline() => new(
        nameof(MlflowOffline), HarvestFault.Usage,
        "MLflow may not be asked: the command is to work offline.",
        "Run the command again without its offline option, and without HARVEST_OFFLINE in the environment.");

    public static HarvestException MlflowUnavailable(string place, string what, string trouble, int attempts, Exception? inner = null) => new(
        nameof(MlflowUnavailable), HarvestFault.Remote,
        $"MLflow at {place} did not answer {(attempts == 1 ? "at the first attempt" : $"in {Figures.Count(attempts, "attempt")}")} ({what}): {trouble}.",
        "Check the network and MLFLOW_TRACKING_URI, then run the command again: it goes on with the run that is there, and nothing is written twice.", place, inner);

    public static HarvestException MlflowDenied(string place, string what, int status) => new(
        nameof(MlflowDenied), HarvestFault.Remote,
        string.Create(CultureInfo.InvariantCulture, $"MLflow at {place} refused access ({what}, status {status})."),
        Credentials, place);

    public static HarvestException MlflowNotThere(string place, string what, string why) => new(
        nameof(MlflowNotThere), HarvestFault.Remote,
        $"What answers at {place} is no MLflow tracking server ({what}): {why}.",
        "Check MLFLOW_TRACKING_URI: it is the address of the server itself, without a page behind it; a sign-in page in front of it needs a token.", place);

    public static HarvestException MlflowRedirected(string place, string what, string host) => new(
        nameof(MlflowRedirected), HarvestFault.Remote,
        $"MLflow at {place} leads to {host} ({what}), and what signs in here is not sent there.",
        "If that is the server's own address, set MLFLOW_TRACKING_URI to it.", place);

    public static HarvestException MlflowRefused(string place, string what, string why) => new(
        nameof(MlflowRefused), HarvestFault.Remote,
        $"MLflow at {place} refused the request ({what}): {why}.",
        "Look at the run in MLflow, and run the command again once it can be written to.", place);

    public static HarvestException MlflowRunUnknown(string place, string runId) => new(
        nameof(MlflowRunUnknown), HarvestFault.NotFound,
        $"MLflow at {place} has no run '{runId}'.",
        "Give the id that MLflow shows for the run, and check MLFLOW_TRACKING_URI.", runId);

    public static HarvestException MlflowExperimentUnknown(string place, string experiment) => new(
        nameof(MlflowExperimentUnknown), HarvestFault.NotFound,
        $"MLflow at {place} has no experiment '{experiment}'.",
        "Make it in MLflow, or set MLFLOW_EXPERIMENT_NAME or MLFLOW_EXPERIMENT_ID to one that is there.", experiment);

    public static HarvestException MlflowRunDeleted(string place, string runId) => new(
        nameof(MlflowRunDeleted), HarvestFault.Usage,
        $"The run '{runId}' is deleted in MLflow at {place}.",
        "Restore it in MLflow, or name another run.", runId);

    public static HarvestException MlflowParameterDiffers(string runId, string name, string recorded, string given) => new(
        nameof(MlflowParameterDiffers), HarvestFault.Usage,
        $"The MLflow run '{runId}' has {name} = '{Short(recorded)}' and not '{Short(given)}', and a parameter of a run never changes in MLflow.",
        "Register the run with the slice that it was trained on, or name another run, or none, so that one is made.", name);

    public static HarvestException MlflowArtifactUnknown(string runId, string path, IReadOnlyCollection<string> known) => new(
        nameof(MlflowArtifactUnknown), HarvestFault.NotFound,
        $"The MLflow run '{runId}' has no artifact file '{path}'." + NearestName.Question(path, known),
        known.Count == 0 ? "Nothing is there; give the path of a file below the run's artifacts." : $"There is {Figures.List([.. known])}; give the path of a file.", path);

    public static HarvestException MlflowRunNeeded(string artifact) => new(
        nameof(MlflowRunNeeded), HarvestFault.Usage,
        $"The artifact '{artifact}' is of a run of MLflow, and none is named.",
        "Name the run that has it by its id.", artifact);

    public static HarvestException MlflowArtifactElsewhere(string runId, string scheme) => new(
        nameof(MlflowArtifactElsewhere), HarvestFault.Remote,
        $"The artifacts of the MLflow run '{runId}' are in a store ({scheme}:) that is not read here.",
        "Register the artifact by its own address with its SHA-256 instead.", runId);

    public static HarvestException MlflowRunOfNobody(string runId) => new(
        nameof(MlflowRunOfNobody), HarvestFault.NotFound,
        $"No slice has a model with the MLflow run '{runId}'.",
        "Give the whole id of the run, or register it.", runId);

    private static string Short(string text) => PlainText.OneLine(text.Length > 80 ? $"{text[..77]}…" : text);
}
