namespace HarvestTools.Tests.Pester;

/// <summary>Turns the outcomes of a Pester file into those of xunit, test by test.</summary>
public abstract class PesterSuite
{
    private protected static void Check(string file, string name, int line)
    {
        PesterRun run = PesterRun.Of(file);
        PesterOutcome[] outcomes = [.. run.Outcomes.Where(outcome => outcome.Line == line)];
        Assert.True(outcomes.Length > 0, $"'{name}' ({file}.Tests.ps1:{line}) did not run, or something around the tests failed.\n{run.Output}");
        PesterOutcome[] failed = [.. outcomes.Where(static outcome => !outcome.IsFine)];
        Assert.True(
            failed.Length == 0,
            string.Join("\n\n", failed.Select(outcome => $"{outcome.Name} ({file}.Tests.ps1:{outcome.Line}): {outcome.Result}\n{outcome.Message}")));
        if (outcomes.All(static outcome => outcome.Result == "Skipped"))
        {
            Assert.Skip(outcomes[0].Message ?? "no reason given");
        }

        TestContext.Current.SendDiagnosticMessage($"{file}.Tests.ps1:{line}: {outcomes.Length} passed");
    }
}
