using System.Reflection;
using HarvestTools.MethodProfile;

// METHODS is a list of methods as the runtime writes them, ASSEMBLIES the folder of those that the program has, PROFILE the
// file to write.
if (args is not [var methods, var assemblies, var profile])
{
    Console.Error.WriteLine("usage: HarvestTools.MethodProfile METHODS ASSEMBLIES PROFILE");
    return 2;
}

var names = new MethodNames(LoadedAssemblies.Of(assemblies));
var found = new List<MethodBase>();
string[] lines = File.ReadAllLines(methods);
for (int i = 0; i < lines.Length; i++)
{
    if (lines[i].Length == 0 || lines[i][0] == '#')
    {
        continue;
    }

    try
    {
        found.AddRange(names.Find(lines[i]));
    }
    catch (Exception fault) when (fault is TypeLoadException or MissingMethodException or ArgumentException or FormatException)
    {
        // In the form that a build shows as a warning of its own: the program works all the same, and starts later. Another
        // runtime may have renamed what no one but it calls.
        Console.WriteLine($"{methods}({i + 1}): warning : this method is not compiled ahead of time: {fault.Message}");
    }
}

ProfileFile.Write(profile, found);
return 0;
