using System.Text.Json.Nodes;
using HarvestTools.Strings;
using HarvestTools.Workflows;

namespace HarvestTools.Cli.Output;

/// <summary>What a push or a pull did, as lines and as JSON.</summary>
internal static class TransferText
{
    /// <param name="run">Takes lines, document and errors.</param>
    /// <param name="result">What was done.</param>
    /// <param name="done">What is said of what was moved: <c>pushed</c>.</param>
    /// <param name="pending">What is said of what would be: <c>to push</c>.</param>
    public static void Write(Invocation run, TransferResult result, string done, string pending)
    {
        run.Document["remote"] = result.Remote;
        run.Document["address"] = result.Address;
        run.Document["versions"] = new JsonArray([.. result.Versions.Select(static version => JsonValue.Create(version))]);
        run.Document["records"] = result.Records;
        run.Document["leftovers_removed"] = result.LeftoversRemoved;
        run.Document["items"] = new JsonArray([.. result.Items.Select(static item => new JsonObject
        {
            ["what"] = item.What,
            ["sha256"] = item.Sha256,
            ["bytes"] = item.Bytes,
            ["outcome"] = item.Outcome.ToString(),
        })]);
        foreach (TransferredItem item in result.Items)
        {
            string? word = item.Outcome switch
            {
                TransferOutcome.Moved => done,
                TransferOutcome.Replaced => "replaced",
                TransferOutcome.Pending => pending,
                _ => null,
            };
            if (word is not null)
            {
                run.Say($"{word}  {Terminal.Short(item.Sha256)}  {Figures.Size(item.Bytes)}  {item.What}");
            }
        }

        foreach (TransferredItem failed in result.Items.Where(static item => item.Error is not null))
        {
            run.Fail(failed.Error!);
        }

        run.Say(Summary(result, done, pending));
        if (result.LeftoversRemoved > 0)
        {
            run.Say($"{Figures.Count(result.LeftoversRemoved, "temporary file")} of killed uploads {(result.LeftoversRemoved == 1 ? "was" : "were")} removed there.");
        }
    }

    private static string Summary(TransferResult result, string done, string pending)
    {
        int there = result.Count(TransferOutcome.AlreadyThere);
        var parts = new List<string>();
        foreach ((TransferOutcome outcome, string word) in new[] { (TransferOutcome.Moved, done), (TransferOutcome.Pending, pending), (TransferOutcome.Replaced, "replaced") })
        {
            if (result.Count(outcome) is > 0 and var count)
            {
                parts.Add($"{Figures.Count(count, "object")} {word} ({Figures.Size(result.Bytes(outcome))})");
            }
        }

        if (there > 0 || parts.Count == 0)
        {
            parts.Add($"{Figures.Count(there, "object")} already there");
        }

        if (result.Records > 0)
        {
            parts.Add(Figures.Count(result.Records, "record"));
        }

        if (result.Count(TransferOutcome.Failed) is > 0 and var failed)
        {
            parts.Add($"{Figures.Count(failed)} failed");
        }

        return $"{result.Remote} ({result.Address}), {Figures.Count(result.Versions.Count, "slice")}: {string.Join(", ", parts)}.";
    }
}
