using System.CommandLine;
using System.Globalization;
using HarvestTools.Workflows;

namespace HarvestTools.Cli.Commands;

/// <summary>What push and pull have in common.</summary>
internal abstract class TransferCommand : HarvestCommand
{
    private const int MostTransfers = 64;

    private readonly Argument<string[]> _versions;
    private readonly Option<string?> _remote;
    private readonly Option<bool> _tables;
    private readonly Option<bool> _media;
    private readonly Option<bool> _dryRun;
    private readonly Option<string?> _transfers;

    protected TransferCommand(string name, string description)
        : base(name, description)
    {
        _versions = With(new Argument<string[]>("VERSION") { Description = "The slices, or ranges such as v1..v3 (default: all).", Arity = ArgumentArity.ZeroOrMore });
        _remote = With(new Option<string?>("--remote") { Description = "The remote, by its name in harvest.json (default: the only one, or origin).", HelpName = "REMOTE" });
        _tables = With(new Option<bool>("--tables") { Description = "Also the Parquet tables, so that they need not be derived on the other side." });
        _media = With(new Option<bool>("--media") { Description = "Also the images and videos that the slices list." });
        _dryRun = With(new Option<bool>("--dry-run") { Description = "Move nothing, and list what would be moved." });
        _transfers = With(new Option<string?>("--transfers") { Description = "Transfers at once, 1 to 64 (default: 8).", HelpName = "N" });
    }

    /// <summary>What the command line asks for.</summary>
    protected TransferRequest Request(Invocation run)
    {
        var request = new TransferRequest
        {
            Versions = run.Value(_versions) ?? [],
            Remote = run.Value(_remote),
            Tables = run.Value(_tables),
            Media = run.Value(_media),
            DryRun = run.Value(_dryRun),
        };
        return run.Value(_transfers) is not { } asked ? request
            : int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out int transfers) && transfers is >= 1 and <= MostTransfers
                ? request with { Transfers = transfers }
                : throw CliErrors.CommandLineInvalid($"'{asked}' is no number of transfers.", $"Write a number from 1 to {MostTransfers} after --transfers.");
    }
}
