using System.Collections;
using System.Management.Automation;
using HarvestTools.Decisions;
using HarvestTools.Decisions.States;
using HarvestTools.Decisions.Text;
using HarvestTools.Manifests;
using HarvestTools.Strings;
using HarvestTools.Workflows;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Decides from a state, or from figures given by parameters, and shows every gate. Starts nothing.</summary>
[Cmdlet(VerbsCommon.Get, "RetrainDecision", DefaultParameterSetName = StateSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(RetrainDecision), typeof(string), typeof(BacktestEntry))]
public sealed class GetRetrainDecisionCommand : HarvestCommand
{
    private const string StateSet = "State";
    private const string FiguresSet = "Figures";

    [Parameter(Position = 0, ParameterSetName = StateSet, ValueFromPipeline = true)]
    [ValidateNotNull]
    public RetrainState? State { get; set; }

    [Parameter(ParameterSetName = FiguresSet, Mandatory = true, ValueFromPipelineByPropertyName = true, HelpMessage = "How many episodes were corrected since the last trained slice.")]
    public int CorrectedEpisodes { get; set; }

    [Parameter(ParameterSetName = FiguresSet, Mandatory = true, ValueFromPipelineByPropertyName = true, HelpMessage = "How many episodes the last trained slice has.")]
    public int Corpus { get; set; }

    [Parameter(ParameterSetName = FiguresSet, ValueFromPipelineByPropertyName = true)]
    public double? TaskCoverageGini { get; set; }

    [Parameter(ParameterSetName = FiguresSet, ValueFromPipelineByPropertyName = true)]
    public double? TopTaskShare { get; set; }

    /// <summary>Corrected episodes by task, zeros included; the spread is then computed from them.</summary>
    [Parameter(ParameterSetName = FiguresSet, ValueFromPipelineByPropertyName = true)]
    public IDictionary? TaskSubdirCounts { get; set; }

    [Parameter(ParameterSetName = FiguresSet, ValueFromPipelineByPropertyName = true)]
    public bool? EvalSetChanged { get; set; }

    [Parameter(ParameterSetName = FiguresSet, ValueFromPipelineByPropertyName = true)]
    public bool? RegressionDetected { get; set; }

    /// <summary>Decide as it would have been decided then.</summary>
    [Parameter(ParameterSetName = StateSet)]
    public DateTimeOffset? AsOf { get; set; }

    /// <summary>What labelers report about worse pre-annotation; it decides as a regression that was found.</summary>
    [Parameter(ParameterSetName = StateSet)]
    [ValidateNotNullOrEmpty]
    public string? ReportedRegression { get; set; }

    /// <summary>Replay the decision for each day on which an export was complete, with what followed.</summary>
    [Parameter(ParameterSetName = StateSet)]
    public SwitchParameter Backtest { get; set; }

    [Parameter]
    [ShareTransformation]
    public double? MinDelta { get; set; }

    [Parameter]
    [ShareTransformation]
    public double? MaxGini { get; set; }

    [Parameter]
    [ShareTransformation]
    public double? MaxTaskShare { get; set; }

    /// <summary>Emit Markdown, for a pull request or a chat.</summary>
    [Parameter]
    public SwitchParameter AsMarkdown { get; set; }

    /// <summary>A file of JSON lines to which the decision is appended.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? HistoryPath { get; set; }

    protected override void ProcessRecord()
    {
        if (Backtest)
        {
            if (State is not null || AsOf is not null || ReportedRegression is not null || AsMarkdown || HistoryPath is not null)
            {
                RunOrEnd<bool>(static () => throw CommandErrors.BacktestAlone());
            }

            HarvestRepository repository = OpenRepository();
            RetrainThresholds tried = Changed(repository.Settings.Retrain);
            foreach (BacktestEntry entry in RunOrEnd(context => BacktestDecision.Run(repository, tried, context).ToList()))
            {
                WriteOf(repository, entry);
            }

            return;
        }

        // Neither a state nor figures: the decision is asked for the repository.
        RetrainState state = State ?? (ParameterSetName == StateSet ? OfRepository() : RunOrEnd(() => new RetrainState
        {
            CorrectedEpisodes = CorrectedEpisodes,
            Corpus = Corpus,
            TaskCoverageGini = TaskCoverageGini,
            TopTaskShare = TopTaskShare,
            EvalSetChanged = EvalSetChanged,
            RegressionDetected = RegressionDetected,
            TaskSubdirCounts = Counts(),
        }));
        state = ReportedRegression is null ? state : state with { ReportedRegression = ReportedRegression };
        RetrainThresholds thresholds = Changed(Thresholds());
        if (RunItem(_ => RetrainDecider.Decide(state, thresholds)) is { } decision)
        {
            if (HistoryPath is not null)
            {
                Append(HistoryPath, decision);
            }

            // With -Verbose, as the program has them with --explain.
            foreach (string line in DecisionText.Statistics(decision).Where(static line => line.Length > 0))
            {
                Announce(line);
            }

            WriteObject(AsMarkdown ? PlainText.Of(DecisionMarkdown.Render(decision)) : decision);
        }
    }

    private RetrainThresholds Changed(RetrainThresholds thresholds) => thresholds with
    {
        MinDelta = MinDelta ?? thresholds.MinDelta,
        MaxGini = MaxGini ?? thresholds.MaxGini,
        MaxTaskShare = MaxTaskShare ?? thresholds.MaxTaskShare,
    };

    private void Append(string historyPath, RetrainDecision decision)
    {
        string path = RunOrEnd(() => ItemPath.Resolve(SessionState, historyPath));
        if (ShouldProcess(path, "Append the decision"))
        {
            RunOrEnd(context =>
            {
                DecisionHistory.Append(path, decision, context.Clock.GetUtcNow());
                return path;
            });
        }
    }

    private RetrainState OfRepository()
    {
        HarvestRepository repository = OpenRepository();
        return RunOrEnd(context => RetrainStateReader.Run(repository, context, AsOf));
    }

    private Dictionary<string, int>? Counts()
    {
        if (TaskSubdirCounts is null)
        {
            return null;
        }

        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (DictionaryEntry task in JsonValues.InOrder(TaskSubdirCounts))
        {
            counts[task.Key.ToString()!] = LanguagePrimitives.TryConvertTo(task.Value, out int count)
                ? count
                : throw CommandErrors.TaskCountInvalid(task.Key.ToString()!, task.Value);
        }

        return counts;
    }

    /// <summary>The repository's thresholds; the defaults outside of any repository.</summary>
    private RetrainThresholds Thresholds()
    {
        if (Repository is null)
        {
            try
            {
                _ = HarvestRepository.Find(SessionState.Path.CurrentFileSystemLocation.ProviderPath);
            }
            catch (HarvestException outside) when (outside.Fault == HarvestFault.NotARepository)
            {
                Announce("Outside of a repository: the default thresholds apply.");
                return RetrainThresholds.Default;
            }
        }

        return OpenRepository().Settings.Retrain;
    }
}
