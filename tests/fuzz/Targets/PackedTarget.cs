using HarvestTools.Work;
using HarvestTools.Workflows;

namespace HarvestTools.Fuzz.Targets;

/// <summary>A gzip or zip with an export in it, as a file.</summary>
internal sealed class PackedTarget : FuzzTarget
{
    private readonly ScratchFolder _folder = new();

    public override string Name => "packed";

    public override IReadOnlyList<byte[]> Seeds => Fuzz.Seeds.Packed;

    public override void Run(byte[] input)
    {
        string path = _folder["export.zip"];
        ScratchFolder.Write(path, input);
        string first = Outcome(() => HashExport.Run(path, labels: true, WorkContext.Default).Sha256);
        Require(first == Outcome(() => HashExport.Run(path, labels: true, WorkContext.Default with { Threads = 1 }).Sha256), "Two readings differ.");
        _ = Outcome(() => HashExport.Run(path, labels: false, WorkContext.Default).Sha256);
    }

    public override void Dispose()
    {
        _folder.Dispose();
        base.Dispose();
    }
}
