using System.Reflection;
using System.Text.RegularExpressions;
using HarvestTools.Mutation;
using Xunit.Sdk;
using Xunit.v3;

[assembly: Xunit.TestFramework(typeof(SelectedTests))]

namespace HarvestTools.Mutation;

/// <summary>
/// Runs the tests whose class matches HARVEST_MUTATION_TESTS, and whose "Class.Method" does not match HARVEST_MUTATION_WITHOUT:
/// the tool that mutates has no such choice on this platform of tests. Compiled into the tests only while they are run under it.
/// </summary>
public sealed class SelectedTests : XunitTestFramework
{
    /// <inheritdoc/>
    protected override ITestFrameworkDiscoverer CreateDiscoverer(Assembly assembly) =>
        new Discoverer(new XunitTestAssembly(assembly, configFilePath: null, assemblyName: null, assemblyPath: null, targetFramework: null, uniqueID: null, version: null));

    private sealed class Discoverer(IXunitTestAssembly assembly) : XunitTestFrameworkDiscoverer(assembly)
    {
        private readonly Regex? _with = Read("HARVEST_MUTATION_TESTS");
        private readonly Regex? _without = Read("HARVEST_MUTATION_WITHOUT");

        protected override bool IsValidTestClass(Type type) =>
            base.IsValidTestClass(type) && _with?.IsMatch(type.FullName!) != false;

        protected override ValueTask<bool> FindTestsForMethod(
            IXunitTestMethod testMethod, ITestFrameworkDiscoveryOptions discoveryOptions, Func<ITestCase, ValueTask<bool>> discoveryCallback) =>
            _without?.IsMatch($"{testMethod.TestClass.TestClassName}.{testMethod.MethodName}") == true
                ? new(true)
                : base.FindTestsForMethod(testMethod, discoveryOptions, discoveryCallback);

        private static Regex? Read(string variable) =>
            Environment.GetEnvironmentVariable(variable) is { Length: > 0 } pattern ? new Regex(pattern) : null;
    }
}
