using System.CommandLine;
using System.Text.Json.Nodes;
using HarvestTools.Cli.Arguments;
using HarvestTools.Cli.Output;
using HarvestTools.Decisions;
using HarvestTools.Decisions.States;
using HarvestTools.Decisions.Text;
using HarvestTools.Manifests;
using HarvestTools.Strings;
using HarvestTools.Workflows;

namespace HarvestTools.Cli.Commands;

internal sealed class DecideCommand : HarvestCommand
{
    private readonly Option<bool> _markdown;
    private readonly Option<bool> _explain;
    private readonly Option<bool> _gate;
    private readonly Option<string?> _history;
    private readonly Option<string?> _asOf;
    private readonly Option<bool> _backtest;
    private readonly Option<string?> _reported;
    private readonly Option<string?> _minDelta;
    private readonly Option<string?> _maxGini;
    private readonly Option<string?> _maxTaskShare;

    public DecideCommand()
        : base("decide", "Say whether it is time to retrain, with every gate and its figures. Starts nothing.")
    {
        _markdown = With(new Option<bool>("--markdown") { Description = "Print Markdown, for a pull request or a chat." });
        _explain = With(new Option<bool>("--explain") { Description = "Also print the statistics behind the gates, the forecast and the cost." });
        _gate = With(new Option<bool>("--gate") { Description = "Exit with 0 for retrain and 1 for not now, for a scheduled task." });
        _history = With(new Option<string?>("--history") { Description = "Append the decision to a file of JSON lines.", HelpName = "FILE" });
        _asOf = With(new Option<string?>("--as-of") { Description = "Decide as it would have been decided then, as 2026-05-11.", HelpName = "TIME" });
        _backtest = With(new Option<bool>("--backtest") { Description = "Replay the decision for each day on which an export was complete, with what followed." });
        _reported = With(new Option<string?>("--reported-regression") { Description = "What labelers report about worse pre-annotation; decides as a regression that was found.", HelpName = "TEXT" });
        _minDelta = With(new Option<string?>("--min-delta") { Description = "Instead of harvest.json's min_delta, as 0.1 or 10%.", HelpName = "SHARE" });
        _maxGini = With(new Option<string?>("--max-gini") { Description = "Instead of harvest.json's max_gini, as 0.5.", HelpName = "GINI" });
        _maxTaskShare = With(new Option<string?>("--max-task-share") { Description = "Instead of harvest.json's max_task_share, as 0.8 or 80%.", HelpName = "SHARE" });
    }

    public override void Run(Invocation run)
    {
        run.Document["decision"] = null;
        run.Document["state"] = null;
        RetrainThresholds settings = run.Repository.Settings.Retrain;
        RetrainThresholds thresholds = settings with
        {
            MinDelta = ShareArguments.Read("--min-delta", run.Value(_minDelta)) ?? settings.MinDelta,
            MaxGini = ShareArguments.Read("--max-gini", run.Value(_maxGini)) ?? settings.MaxGini,
            MaxTaskShare = ShareArguments.Read("--max-task-share", run.Value(_maxTaskShare)) ?? settings.MaxTaskShare,
        };
        try
        {
            thresholds.Validate();
        }
        catch (HarvestException fault)
        {
            throw CliErrors.AsUsage(fault);
        }

        if (run.Value(_reported) is { } report && string.IsNullOrWhiteSpace(report))
        {
            throw CliErrors.CommandLineInvalid("'--reported-regression' needs what labelers report.", "harvest decide --help");
        }

        if (run.Value(_backtest))
        {
            Backtest(run, thresholds);
            return;
        }

        RetrainState state = RetrainStateReader.Run(run.Repository, run.Context, TimeArguments.Read(run.Value(_asOf))) with { ReportedRegression = run.Value(_reported) };
        RetrainDecision decision = RetrainDecider.Decide(state, thresholds);
        if (run.Value(_history) is { } history)
        {
            DecisionHistory.Append(run.Resolve(history), decision, run.Context.Clock.GetUtcNow());
        }

        run.Document["decision"] = DecisionJson.ToJson(decision);
        run.Document["state"] = StateShape.Of(state);
        if (run.Value(_markdown))
        {
            run.SayText(DecisionMarkdown.Render(decision).TrimEnd('\n'));
        }
        else
        {
            foreach (string line in DecisionText.Lines(decision, run.Value(_explain)))
            {
                run.Say(line);
            }
        }

        if (run.Value(_gate) && !decision.ShouldRetrain)
        {
            run.Raise(ExitCode.DriftOrDamage);
        }
    }

    private void Backtest(Invocation run, RetrainThresholds thresholds)
    {
        if (new[] { run.Value(_markdown), run.Value(_explain), run.Value(_gate) }.Contains(true) || run.Value(_history) is not null || run.Value(_asOf) is not null || run.Value(_reported) is not null)
        {
            throw CliErrors.BacktestAlone();
        }

        var entries = new JsonArray();
        run.Document.Remove("decision");
        run.Document.Remove("state");
        run.Document["backtest"] = entries;
        TextTable table = new TextTable("day (UTC)", "decision", "corrected", "corpus", "reason", "next training", "metric", "before", "after").Right(2, 3, 7, 8);
        foreach (BacktestEntry entry in BacktestDecision.Run(run.Repository, thresholds, run.Context))
        {
            entries.Add((JsonNode)StateShape.Of(entry));
            table.Add(
                Terminal.Time(entry.At)[..10],
                entry.Decision,
                Figures.Count(entry.CorrectedEpisodes),
                Figures.Count(entry.Corpus),
                entry.Reason,
                entry.NextTrainedAt is { } next ? $"{Terminal.Time(next)[..10]} {entry.NextSlice}" : "-",
                entry.Metric ?? "-",
                entry.MetricBefore is { } before ? Figures.Number(before, 4) : "-",
                entry.MetricAfter is { } after ? Figures.Number(after, 4) : "-");
        }

        if (table.Empty)
        {
            run.Say("No export is archived, so there is no day to decide for.");
            return;
        }

        run.Say(table);
        run.Say("");
        run.Say("Each line is what was known on that day; nothing was started.");
    }
}
