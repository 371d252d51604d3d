using System.Management.Automation;
using HarvestTools.Manifests;
using HarvestTools.PowerShell;

namespace HarvestTools.Tests.InProcess;

/// <summary>What a host program gets that runs the cmdlets itself: the module's types, and faults as exceptions with their remedy.</summary>
public sealed class TypedResultTests(ModuleRunspace module) : IClassFixture<ModuleRunspace>
{
    [Fact]
    public void A_fault_is_the_engines_exception()
    {
        string repository = NewRepository(module, "faults");
        ScriptResult result = module.Run("Get-Slice v9 -Repository $args[0]", repository);

        Assert.Empty(result.Objects);
        ErrorRecord record = Assert.Single(result.Errors);
        HarvestException fault = Assert.IsType<HarvestException>(record.Exception);
        Assert.Equal("SliceNotFound", fault.ErrorId);
        Assert.Equal(HarvestFault.NotFound, fault.Fault);
        Assert.StartsWith(fault.ErrorId + ",", record.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(ErrorCategory.ObjectNotFound, record.CategoryInfo.Category);
        Assert.Equal(fault.Remedy.Spell(CmdletSpelling.Instance), record.ErrorDetails.RecommendedAction);
    }

    [Fact]
    public async Task Sessions_of_one_process_work_at_once_and_derive_the_same()
    {
        IReadOnlyList<SliceOutput>[] all = await Task.WhenAll(Enumerable.Range(0, 4).Select(static number => Task.Run(static () =>
        {
            using var session = new ModuleRunspace();
            string repository = NewRepository(session, "own");
            _ = session.Succeed("New-Slice v1 -Reason first -Repository $args[0]", repository);
            return Assert.IsType<Slice>(Assert.Single(session.Succeed("Get-Slice v1 -Repository $args[0]", repository))).Outputs;
        })));

        Assert.NotEmpty(all[0]);
        Assert.True(all[0].Sum(static output => output.Rows) > 0);
        Assert.All(all, outputs => Assert.Equal(Hashes(all[0]), Hashes(outputs)));

        static IEnumerable<string> Hashes(IReadOnlyList<SliceOutput> outputs) =>
            outputs.Select(static output => $"{output.Table} {output.Rows} {output.Sha256}").Order(StringComparer.Ordinal);
    }

    private static string NewRepository(ModuleRunspace session, string name) =>
        (string)Assert.Single(session.Succeed("New-TestRepository $args[0]", Path.Combine(session.Folder, name)));
}
