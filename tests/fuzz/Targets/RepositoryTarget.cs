using HarvestTools.Archive;
using HarvestTools.Decisions;
using HarvestTools.Decisions.Text;
using HarvestTools.Repositories;
using HarvestTools.Workflows;

namespace HarvestTools.Fuzz.Targets;

/// <summary>
/// A whole repository in which one file has other bytes: every command that reads gives a result or the engine's error, an
/// archive with another object is not called whole, and the cache, which is made of the archive, has no say in a check or in the
/// decision.
/// </summary>
internal sealed class RepositoryTarget : FuzzTarget
{
    private const string CacheFolder = ".harvest/cache/";
    private const string ObjectsFolder = ".harvest/archive/sha256/";

    private readonly SampleRepository _sample;
    private readonly IReadOnlyList<(string Path, byte[] Bytes)> _files;
    private readonly string _decision;
    private readonly string _check;

    public RepositoryTarget(SampleRepository sample)
    {
        _sample = sample;
        _files = sample.Files();
        _decision = Decide();
        _check = Check();

        // The first byte of an input chooses the file whose bytes are the rest.
        Seeds = [.. _files.Select(static (file, i) => (byte[])[(byte)i, .. file.Bytes])];
    }

    public override string Name => "repository";

    public override IReadOnlyList<byte[]> Seeds { get; }

    public override void Run(byte[] input)
    {
        if (input.Length == 0)
        {
            return;
        }

        (string path, byte[] bytes) = _files[input[0] % _files.Count];
        byte[] changed = input[1..];
        ScratchFolder.Write(path, changed);
        try
        {
            Read(_sample.Relative(path), changed.AsSpan().SequenceEqual(bytes));
        }
        finally
        {
            ScratchFolder.Write(path, bytes);
        }
    }

    private void Read(string file, bool same)
    {
        bool derived = file.StartsWith(CacheFolder, StringComparison.Ordinal);
        string whole = Outcome(CheckObjects);
        Require(same || whole != "whole" || !file.StartsWith(ObjectsFolder, StringComparison.Ordinal), $"{file} has other bytes and the archive is called whole.");
        string decision = Outcome(Decide);
        Require(!derived || decision == _decision, $"With other bytes in {file} the decision is another: {decision}");
        string check = Outcome(Check);
        Require(!derived || check == _check || (file.EndsWith(".parquet", StringComparison.Ordinal) && !file.Contains("/parts/", StringComparison.Ordinal)), $"With other bytes in {file} the check says {check}");
        _ = Outcome(() => string.Join(' ', TraceSource.OfSlice(_sample.Open(), "v2", _sample.Context)));
        _ = Outcome(() => CompareSlice.Run(_sample.Open(), "v1", "v2", _sample.Context).ToString());
        _ = Outcome(() => NewSlice.Check(_sample.Open(), new NewSliceRequest(), _sample.Context));
    }

    private string CheckObjects()
    {
        var check = new ArchiveCheck(CheckArchive.Of(_sample.Open())) { Threads = 1 };
        foreach (ArchiveFinding finding in check.Run())
        {
            Require(finding.Message.Length > 0, "A finding without a message.");
        }

        return check.Whole ? "whole" : "faults";
    }

    private string Check() => string.Join(
        ' ', CheckSlices.Run(_sample.Open(), [], quick: false, _sample.Context).Select(static slice => slice.Report?.Status ?? slice.Error!.ErrorId));

    private string Decide()
    {
        Repository repository = _sample.Open();
        return DecisionJson.ToJson(RetrainDecider.Decide(RetrainStateReader.Run(repository, _sample.Context), repository.Settings.Retrain)).ToJsonString();
    }

    public override void Dispose()
    {
        _sample.Dispose();
        base.Dispose();
    }
}
