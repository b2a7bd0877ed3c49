System.Console.WriteLine("TimeBank");
